"""Django's SQLite backend on SQLCipher. The key comes from the open vault in memory, never from the settings."""
