"""A search index that works without a server: one file a language, read by ``search.js`` on the reader's own device.

Words of scripts with spaces are indexed whole and found by their beginning. Hangul, kana and han are indexed by pairs
of letters, for they are written without spaces or with endings, and most Korean names have two syllables.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# keep in step with search.js
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUN = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
_CJK = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the index. ``path``: from the language's folder."""

    title: str
    path: str
    kind: str  # a key of the site's words
    text: str = ""


def folded(text: str) -> str:
    """Letters without case and accents (NFKD, combining marks away; Hangul composed again)."""
    loose = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in loose if not "\u0300" <= c <= "\u036f"))


def terms(text: str) -> list[str]:
    """What a text is found by, in order of appearance, each once."""
    found: dict[str, None] = {}
    for run in _RUN.findall(folded(text)):
        if not _CJK.match(run) or len(run) == 1:
            found[run] = None
        else:
            found |= dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1))
    return list(found)


def index(entries: Iterable[Entry]) -> bytes:
    """The index as a script that sets one value: a page opened from a disk may load a script and nothing else."""
    pages = list(entries)
    postings: dict[str, list[int]] = {}
    for number, page in enumerate(pages):
        title = set(terms(page.title))
        for term in title | set(terms(page.text)):
            # even: in the text; odd: in the title, which counts for more
            postings.setdefault(term, []).append(number * 2 + (term in title))
    document = {
        "pages": [[page.title, page.path, page.kind] for page in pages],
        "terms": dict(sorted(postings.items())),
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.searchIndex={text};\n".encode()
