"""ZIP files from strangers, read as strictly as a package: what two programs could read differently is refused."""

import io
from collections.abc import Iterator
from typing import Any

from corroborate.custody import verify
from corroborate.errors import InputRefused


def unpacked(name: str, content: bytes, *, files: int, each: int, whole: int) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file in a ZIP file, one after another.

    ``files``: how many it may hold. ``each``: bytes of one file that are read; of a longer one comes one byte more, so
    that the caller sees it. ``whole``: bytes that all may unpack to. Raises InputRefused before and while it is read.
    """
    try:
        strict: Any = verify.Zip  # verify.py stands alone and is untyped, for it runs on old Pythons
        archive = strict(io.BytesIO(content), whole)
        if len(archive.sizes) > files:
            raise InputRefused("{name} holds more than {files:,} files", name=name, files=files)
        for inside in sorted(archive.sizes):
            with archive.open(inside) as file:
                yield inside, file.read(each + 1)
    except (verify.Bad, *verify.ZIP_FAULTS) as error:
        raise InputRefused("{name} is a ZIP file that cannot be read: {error}", name=name, error=error) from error
