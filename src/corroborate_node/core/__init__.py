"""What every room stands on: who acts and who may, the open vault, its database, the frame of pages. Knows no room."""
