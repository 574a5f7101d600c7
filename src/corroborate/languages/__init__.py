"""What depends on a language: how its dates and names are written."""
