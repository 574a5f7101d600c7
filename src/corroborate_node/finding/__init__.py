"""Finding: people by any spelling, acts, places, sources and passages by their words; and who a text may name."""
