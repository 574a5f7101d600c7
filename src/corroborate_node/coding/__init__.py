"""The words that a vault's own coders taught it: what lists say in words that the program's table does not know."""
