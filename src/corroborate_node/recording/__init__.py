"""The room of a documenter: interviews and papers are recorded by hand, from a draft to sealed claims."""
