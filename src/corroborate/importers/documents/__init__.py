"""The importer of one program: see its manifest."""
