"""Review: pairs that wait for a person's judgement, and private linkage with another vault by files."""
