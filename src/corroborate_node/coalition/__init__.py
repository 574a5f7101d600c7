"""Members, statements, demands: pages of the secretariat and of who represents a member."""
