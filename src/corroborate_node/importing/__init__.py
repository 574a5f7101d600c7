"""Lists that somebody takes in on a page: shown, chosen, checked, taken in beside the pages, and reported."""
