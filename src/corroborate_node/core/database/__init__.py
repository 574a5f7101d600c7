"""Django's database: that of the vault which this process has open, a file of its own or a PostgreSQL."""
