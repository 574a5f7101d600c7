"""Who may come in: Django's accounts, with Argon2 passwords, inside the encrypted database."""
