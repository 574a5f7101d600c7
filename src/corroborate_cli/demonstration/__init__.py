"""The demonstration: the same commands and rooms as everybody uses, one after another, on an invented population."""
