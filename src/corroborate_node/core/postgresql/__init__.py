"""Django's PostgreSQL backend, under a veil: what rows say is encrypted before it leaves this process."""
