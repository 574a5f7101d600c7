"""The room of sealed files: they are shown without running anything of them, and copies of them are made."""
