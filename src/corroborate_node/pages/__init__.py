"""Server-rendered pages: right without a script, and without a request to anywhere else."""
