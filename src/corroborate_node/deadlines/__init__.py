"""Days that were promised: what whoever told us hears back, and until when a source is kept before it is asked."""
