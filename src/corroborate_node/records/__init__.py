"""Claims, sources, consents and judgements, as rows."""
