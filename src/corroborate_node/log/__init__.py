"""The vault's log and its witnesses: who is enrolled, what was cosigned, what was heard, and what does not fit."""
