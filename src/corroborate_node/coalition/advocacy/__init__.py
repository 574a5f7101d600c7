"""The campaign's work outward: demands and their readings, members' actions, States, and letters to them."""
