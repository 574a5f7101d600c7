"""Claims, sources, consents, judgements and the log, as rows."""
