"""Members witness one another's logs: who is enrolled, what was cosigned, what was heard, and what does not fit."""
