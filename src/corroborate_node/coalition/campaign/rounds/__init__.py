"""A round on one page: who was asked, who opened, who answered what, and what is missing."""
