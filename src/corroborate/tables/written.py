"""A workbook as bytes that are the same whenever it is made."""

import io
import re
import zipfile
from datetime import datetime

from openpyxl import Workbook

_CHANGED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def saved(book: Workbook, at: datetime) -> bytes:
    """The file of a workbook that says it was made at ``at``, to the second, wherever a file says so."""
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)  # a workbook knows no zone
    raw, fixed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    day = (at.year, at.month, at.day, 0, 0, 0)
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "docProps/core.xml":  # the library writes the clock over it
                content = _CHANGED.sub(rb"\g<1>" + f"{at:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            after.writestr(zipfile.ZipInfo(name, day), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


__all__ = ["saved"]
