"""Pages of persons, acts and sources: what is known of whom, and who said it."""
