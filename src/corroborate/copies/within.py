"""The process that draws and copies a stranger's file: ``python -m corroborate.copies.within``; see ``apart.py``."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from corroborate.copies import drawing, sound
from corroborate.copies.regions import Region, Stretch
from corroborate.copies.vouched import vouched
from corroborate.errors import CorroborateError
from corroborate.tables.limited import limit
from corroborate.tables.sheets import Limits

Answer = tuple[dict[str, Any], bytes]


def _pages(_asked: Mapping[str, Any], content: bytes) -> Answer:
    return {"pages": len(drawing.opened(content))}, b""


def _picture(asked: Mapping[str, Any], content: bytes) -> Answer:
    if asked["kind"] == "picture":
        made = drawing.picture(content, widest=asked["widest"])
    else:
        made = drawing.png(drawing.drawn(drawing.opened(content), asked["page"], widest=asked["widest"]))
    return {}, drawing.marked(made, asked["mark"], asked["fonts"]) if asked.get("mark") else made


def _text(asked: Mapping[str, Any], content: bytes) -> Answer:
    document = drawing.opened(content)
    drawing.drawn(document, asked["page"], widest=1)  # says that there is no such page
    words = document[asked["page"] - 1].get_textpage().get_text_bounded()
    return {"text": words.replace("\r\n", "\n").replace("\x00", "").replace("\x02", "-")[: 1 << 20]}, b""


def _burn(asked: Mapping[str, Any], content: bytes) -> Answer:
    if asked["kind"] == "sound":
        return {}, sound.covered(content, [*map(Stretch.parse, asked["out"])], tone=asked["tone"])
    burn = [*map(Region.parse, asked["out"])]
    return {}, drawing.copied(content, burn) if asked["kind"] == "pages" else drawing.picture(content, burn=burn)


def _vouched(asked: Mapping[str, Any], content: bytes) -> Answer:
    said = vouched(asked["media"], content)
    return {"vouched": None if said is None else said.as_json()}, b""


_WORK: dict[str, Callable[[Mapping[str, Any], bytes], Answer]] = {
    "pages": _pages,
    "picture": _picture,
    "text": _text,
    "burn": _burn,
    "vouched": _vouched,
}


def main() -> int:
    """Read a question and a file, answer, end."""
    asked = json.loads(sys.stdin.buffer.readline())
    work = _WORK[asked["do"]]
    content = sys.stdin.buffer.read()
    limit(Limits(seconds=asked["seconds"], memory=asked["memory"]), native=True)
    try:
        said, made = work(asked, content)
    except CorroborateError as refused:
        said, made = refused.as_json(), b""
    except (MemoryError, RecursionError):
        return 1
    sys.stdout.buffer.write(json.dumps({**said, "size": len(made)}).encode() + b"\n" + made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
