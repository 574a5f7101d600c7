"""What every room stands on: the open vault, its database, accounts, serving, the frame of pages. Knows no room."""
