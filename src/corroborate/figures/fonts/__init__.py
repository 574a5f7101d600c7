"""Fonts for Korean and Japanese, so that a name looks the same on every machine."""

from importlib.resources import files
from pathlib import Path

KOREAN, JAPANESE = "Noto Sans CJK KR", "Noto Sans CJK JP"
FONTS = {"ko": "NotoSansCJKKR-Regular-subset.otf", "ja": "NotoSansCJKJP-Regular-subset.otf"}  # language -> file


def folder() -> Path:
    """Where the font files are."""
    return Path(str(files(__package__)))


__all__ = ["FONTS", "JAPANESE", "KOREAN", "folder"]
