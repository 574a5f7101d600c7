"""Where the list of names stands in a statement: what heads it, divides it and follows it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from corroborate.coalition.countries import code_of
from corroborate.translation import Sentence

Kind = Literal["organisation", "individual"]

_BULLET = (
    r"(?:[-–—•*·▪◦‣▫►▸➢➤✓✔✦❖»+>~]\s+|[・○◯●■□▶▷◆◇※▪•‣➢►·]\s*|"
    r"\(?\d{1,3}[.)、．）]\s*(?=\D)|[０-９]{1,3}[.)、．）]?\s*|[①-⑳]\s*|\(?[a-z][.)]\s+(?=\w{2})|[ivxl]{1,6}[.)]\s+|№\s*\d+\s*|"
    r"\d{1,3}(?:\t| {2,})(?=\D))"
)
DASH = re.compile(rf"^\s*{_BULLET}")
_REMARK = re.compile(r"[(（\[［]([^()（）\[\]［］]{1,160})[)）\]］]")
_FRAME = " \t【】〔〕［］[]<>〈〉《》「」『』■□▶▷◆◇●○*#=~_|※-–—:：.…"
_OF_COUNT = re.compile(
    r"(?:총|全|以上|計|共|total(?: of)?|en total)?\s*([0-9０-９]{1,4})\s*"
    r"(?:개|個|团|団|團|组|組|家|名|명|organi[sz]|associations|ngos|groups|signator|membres|members)",
    re.I,
)
_STATEMENT_OF_NGOS = re.compile(
    r"written statement\W{0,3}\s*(?:\[?\d*\]?\s*)?submitted (?:jointly )?by\s+(?P<run>.+)", re.I
)
_STATUS = re.compile(
    r",?\s*(?:and\s+)?(?:which (?:is|are) )?(?:an? )?(?:international )?non-?governmental organi[sz]ations?"
    r"(?: (?:in|with|having) (?:general|special)(?: and (?:general|special))? consultative status|"
    r" on the roster)(?: with the economic and social council)?",
    re.I,
)
_WITHOUT_STATUS = re.compile(
    r"^[*†‡\d\s]*(?P<run>.+?),?\s*"
    r"(?:\(?(?:an? )?(?:NGOs?(?:\(s\))?|non-?governmental organi[sz]ations?|organi[sz]ations?)"
    r"(?:\(s\))?\)?\s+without consultative status)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the statement, from 1; ``gap``: whether an empty line stands before it."""

    number: int
    text: str
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What a heading of a list says: whose names follow, how many, and names that stand behind it on its own line."""

    kind: Kind | None = None
    run: str = ""
    count: int | None = None
    membership: bool = False  # members of a body, not signatories of a text


@dataclass(slots=True)
class Region:
    """The part of a statement that holds the list."""

    lines: list[Line]
    head: Head
    heading: Line | None
    blocks: bool = False
    rows: bool = False  # each line is a row of names
    notices: list[str] = field(default_factory=list)


@cache
def _words() -> dict[str, frozenset[str]]:
    text = resources.files("corroborate.coalition").joinpath("list_words.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)
    heads = {word for words in listed.pop("heads").values() for word in words}
    return {name: frozenset(map(folded, words)) for name, words in listed.items()} | {
        "heads": frozenset(map(folded, heads))
    }


def folded(text: str) -> str:
    """Small letters without the accents of Latin letters and the vowel signs of Arabic."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    if any("가" <= letter <= "힣" or "ぁ" <= letter <= "ヿ" for letter in text):
        return unicodedata.normalize("NFKC", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


_LETTERS_APART = re.compile(r"[가-힣ぁ-ヿ一-龥ก-๙]")


@cache
def _any_of(group: str) -> re.Pattern[str]:
    words = sorted(_words()[group], key=len, reverse=True)
    apart = [re.escape(word) for word in words if not _LETTERS_APART.search(word)]
    close = [re.escape(word) for word in words if _LETTERS_APART.search(word)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(apart)})(?!\w)|(?:{'|'.join(close)})")


_KOREAN_HEAD = re.compile(
    r"^[^,.:]{0,30}(?:서명|연명|참여|연대|지지|공동|동참|제안|주최|발표)\s*(?:단체|기관|인|자|개인|조직)(?:들)?(?:\s*(?:명단|일동|목록))?$"
)
_JAPANESE_HEAD = re.compile(
    r"^.{0,12}(?:賛同|署名|参加|呼びかけ|連名|連署|発起|共同)(?:団体|者|人|個人|組織)(?:一覧|名簿)?$"
)


def head_of(text: str) -> Head | None:
    """What a line says as a heading of a list; None when it is none."""
    line = text.strip()
    if not line or len(line) > 400:
        return None
    before, colon, after = re.match(r"^([^:：]*)([:：]?)(.*)$", line, re.S).groups()  # type: ignore[union-attr]
    remarks = " ".join(_REMARK.findall(before))
    core = _REMARK.sub(" ", before).strip(_FRAME) or "".join(re.findall(r"[【\[［〔「]([^】\]］〕」]+)", before))
    run = after.strip()
    if not core or (DASH.match(line) and not _is_head_word(core)):
        return None
    if not (_is_head_word(core) or _is_sentence_of(core, bool(colon), run)):
        return None
    if not colon and (behind := re.match(r"^.*?[】］〕]\s*(?:[（(][^）)]*[）)])?\s*(.*)$", line)) and behind[1]:
        run = behind[1]
    low = folded(f"{core} {remarks}")
    return Head(_kind_in(low), run, _count(f"{remarks} {core}"), bool(_any_of("membership").search(low)))


def _is_head_word(core: str) -> bool:
    """A short line in which a word of signing stands, with words of organisations, individuals or order beside it."""
    compact = re.sub(r"\s+", "", core)
    if (
        _KOREAN_HEAD.match(core)
        or _JAPANESE_HEAD.match(compact)
        or compact in ("연명", "개인연명", "단체연명", "일동", "連名")
    ):
        return True
    low = folded(core)
    if len(low) > 70 or not _any_of("heads").search(low):
        return False
    rest = _any_of("heads").sub(" ", low, count=1)
    rest = _any_of("organisations").sub(" ", _any_of("individuals").sub(" ", rest))
    rest = re.sub(
        r"\b(?:the|list|of|and|by|our|all|this|letter|statement|declaration|appeal|petition|open|joint|following|civil|"
        r"society|organi[sz]ational|individual|initial|first|as|are|in|alphabetical|order|las|los|les|la|le|el|y|et|und|e|"
        r"de|del|lista|liste|"
        r"premiers|initiale[sn]?|esta|carta|declaracion|comunicado|international|national|local|additional|"
        r"current|we|nous|nosotros|nosotras|abajo|que|as of|ngo|\d+)\b|[—–\-/,&+]",
        " ", rest,
    )  # fmt: skip
    return not rest.strip()


def _is_sentence_of(core: str, colon: bool, run: str) -> bool:
    """A sentence that ends in a colon, or in "follows", and speaks of who signs: "The following have signed:"."""
    low = folded(core)
    if not colon:
        return low.endswith("follows") and bool(re.search(r"members|supporters|signator|organi[sz]ations", low))
    if run and len(low.split()) > 14:
        return False
    return bool(_any_of("heads").search(low)) and not re.search(
        r"\b(?:call|urge|ask|demand|request)s? (?:on|for|upon|the|that|you)\b", low
    )


def _kind_in(low: str) -> Kind | None:
    if re.search(r"affiliations?\b.*\bidentification", low) or _any_of("individuals").search(low) or "서명인" in low:
        return "individual"
    return "organisation" if _any_of("organisations").search(low) else None


def _count(text: str) -> int | None:
    found = _OF_COUNT.search(text)
    return int(unicodedata.normalize("NFKC", found[1])) if found else None


_BESIDE_SECTIONS = re.compile(
    r"\b(?:international|national|local|signatories|firmantes|signataires|y|and|et|the|other|civil|society|ngo|"
    r"non-governmental)\b|[,/&-]"
)


def section_of(text: str) -> tuple[Kind | None, str | None] | None:
    """What a line that divides the list says: (kind, country as printed; "" for a heading that names none)."""
    core = _REMARK.sub(" ", text).strip(_FRAME + "0123456789").strip()
    if not core or len(core) > 60:
        return None
    low = folded(core)
    for kind, group in (("individual", "individuals"), ("organisation", "organisations")):
        rest = _any_of(group).sub(" ", low, count=1)
        if rest != low and not _BESIDE_SECTIONS.sub(" ", rest).strip():
            return ("individual" if kind == "individual" else "organisation"), None
    if low in _words()["nowhere"]:
        return None, ""
    return (None, core) if code_of(core) else None


def follows(text: str) -> bool:
    """Whether a line can only stand after the list: contacts, notes, addresses, dates."""
    core = text.strip(_FRAME)
    low = folded(core)
    first = _any_of("after").match(low)
    if first and (len(low) == first.end() or not low[first.end()].isalnum()) and (
        len(low.split()) <= 3 or re.match(r"\s*[:：]|.*[@\d]", low[first.end() :])
        or low.startswith(("for more", "for further", "para mas", "pour plus", "note"))
    ):  # fmt: skip
        return True
    if re.search(r"\S@\S{1,254}\.\w|https?://|www\.|\+\d[\d ()-]{6,}", text):
        return True
    return not any(letter.isalpha() for letter in text) or bool(re.fullmatch(r"page \d+(?: of \d+)?", low))


def find_list(lines: Sequence[Line]) -> Region | None:
    """The last list of names of the statement. None when nothing heads one."""
    ngos = _of_the_united_nations(lines)
    if ngos is not None:
        return ngos
    heads = [(at, head) for at, line in enumerate(lines) if (head := head_of(line.text))]
    heads = [(at, head) for at, head in heads if head.run or at + 1 < len(lines)]
    if heads:
        at = _first_of_last(lines, [at for at, _ in heads])
        head = dict(heads)[at]
        body = list(lines[at + 1 :])
        if not head.run and body and all(follows(line.text) and not DASH.match(line.text) for line in body):
            return _closed_by(lines)
        return Region(body, head, lines[at])
    return _closed_by(lines)


def _first_of_last(lines: Sequence[Line], heads: Sequence[int]) -> int:
    """The last heading, or an earlier one where only entries and headings that divide the list stand between."""
    start = heads[-1]
    for earlier in reversed(heads[:-1]):
        between = lines[earlier + 1 : start]
        if len(lines[earlier].text.split()) > 6 or not all(
            DASH.match(line.text) or section_of(line.text) or head_of(line.text) for line in between
        ):
            break
        start = earlier
    return start


def _closed_by(lines: Sequence[Line]) -> Region | None:
    """Blocks of name, title and organisation under the last closing words ("Sincerely,")."""
    closings = [at for at, line in enumerate(lines) if folded(line.text.strip(" ,.;:：、，")) in _words()["closings"]]
    if not closings or closings[-1] + 1 >= len(lines):
        return None
    at = closings[-1]
    return Region(list(lines[at + 1 :]), Head(), lines[at], blocks=True)


def _of_the_united_nations(lines: Sequence[Line]) -> Region | None:
    """A written statement to the United Nations names the bodies that submit it in one sentence, with their status."""
    for at, line in enumerate(lines[:60]):
        paragraph = [line.text]
        for later in lines[at + 1 : at + 40]:
            if later.gap or re.match(r"the secretary-general", later.text, re.I):
                break
            paragraph.append(later.text)
        found = _STATEMENT_OF_NGOS.search(" ".join(paragraph))
        if found is None or not _STATUS.search(found["run"]):
            continue
        last = list(_STATUS.finditer(found["run"]))[-1]
        run = _STATUS.sub("; " if ";" in found["run"] else ", ", found["run"][: last.end()]).strip(" ,;*")
        region = Region([], Head("organisation", re.sub(r"([,;])\s*[,;]", r"\1", run)), line, rows=True)
        for other in lines[at + len(paragraph) :]:
            if more := _WITHOUT_STATUS.match(other.text):
                region.lines.append(Line(other.number, more["run"].strip(), True))
                region.notices.append(
                    Sentence(
                        "line {number}: bodies without consultative status share the statement", number=other.number
                    )
                )
        return region
    return None
