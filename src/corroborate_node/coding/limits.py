"""How much a coder can teach at once."""

LONGEST = 500  # letters of words that are taught
