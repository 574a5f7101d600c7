"""Members and supporters as a published statement lists them. Faults of its layout are split and flagged."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from corroborate.coalition.countries import code_of, country_codes, region_of
from corroborate.coalition.lists import DASH, Head, Kind, Line, Region, find_list, folded, follows, head_of, section_of
from corroborate.errors import InputRefused
from corroborate.translation import Sentence
from corroborate.values import JSON
from corroborate.vocabulary import load

ADJECTIVES = {"Japanese": "Japan", "Canadian": "Canada", "Brazilian": "Brazil", "Indonesian": "Indonesia"}
COUNTRIES = country_codes()
_TITLES = re.compile(
    r"^(?:(?:Drs?|Dra|Prof|Profa|Pr|Professor|Profesora?|Rev|Reverend|Rt\.? Rev|Most Rev|Very Rev|Mr|Mrs|Ms|Mx|Fr|Sr|"
    r"Sra|Hon|"
    r"Honou?rable|The Hon|Rt\.? Hon|Sir|Dame|Lord|Lady|Baroness|Baron|Ambassador|Amb|Judge|Bishop|Archbishop|"
    r"Cardinal|Pastor|Imam|Sheikh|Rabbi|Senator|Sen|Rep|Congressman|Congresswoman|Col|Gen|Capt|Lt|Pbro|Padre|Lic|Ing|"
    r"Mtro|Mtra|Abg|Abog|Doña|Hna|Hno|Mgr|Mons|Mme|Mlle|Maître|Maitre|Herr|Frau|Ven|Dato|Datuk|H\.E)\.? )+(?=\w)"
)
_LAST_BRACKETS = re.compile(r"^(?P<before>.*?)\s*\((?P<inside>[^()]*)\)\s*$", re.S)
# Words that only the name of an organisation has: they keep "Committee X, Y" from being read as a person.
_ORGANISATION = re.compile(
    r"\b(?:Council|Committee|Association|Coalition|Federation|International|Rights|Watch|House|Campaign|Network|"
    r"Alliance|Society|Center|Centre|Radio|Foundation|Justice|Freedom|Funds?|Solidarity|Partnership|Worldwide|Liberty|"
    r"Korea|NK|Gulag|People|Prayer|Service|Voice|Fence|Union|Institute|Group|Movement|Lawyers|Commission|Initiative)\b|"
    r"\b(?:Comit[éeê]|Fundaci[óo]n|Funda[çc][ãa]o|Fondation|Red|Rede|R[ée]seau|Colectivo|Collectif|Coletivo|"
    r"Asociaci[óo]n|Associa[çc][ãa]o|"
    r"Casa|Centro|Ligue|Liga|Organizaci[óo]n|Organisation|Organization|Observatori[oe]|Instituto|Institut|Movimiento|"
    r"Mouvement|Mouvimento|Frente|Uni[óo]n|Comisi[óo]n|Alianza|Coordinadora|Consejo|Verein|Gesellschaft|Stiftung|Bund|"
    r"Project|Proyecto|Project|Trust|Fund|Forum|Foro|Advocates|Defenders|Monitor|Observatory|Archive|Library|Museum|Club|"
    r"University|College|School|Church|Ministry|Ministries|Mission|Media|Press|Team|Bar|Chapter|Section|League|Congress|"
    r"Assembly|Board|Office|Bureau|Agency|Company|Ltd|Inc|LLC|NGO|Mothers|Families|Parents|Women|Youth|Students|"
    r"Survivors|Victims)\b|"
    r"организаци|центр|комитет|фонд|союз|общество|организаці|спілка|комітет|جمعية|منظمة|مركز|شبكة|لجنة|رابطة|مؤسسة|"
    r"연합|단체|위원회|협회|모임|센터|재단|인권|시민|연대|네트워크|본부|の会|団体|委員会|協会|センター|ネットワーク|財団|連合|機構",
    re.I,
)
_ROLE = re.compile(
    r"\b(?:Director|Representative|Member|Scholar|Fellow|Professor|Recipient|author|President|Chair|Founder|Advisor|"
    r"Researcher|Journalist|Lawyer|Secretary|Coordinator|Spokesperson|Bishop|Minister|Ambassador|Envoy|Justice|Judge|"
    r"Rapporteur|Commissioner|Activist|Escapee|Survivor|Writer|Poet|Artist|Attorney|Barrister|Advocate|Counsel|Dean|"
    r"Lecturer|Student|Member of Parliament|MP|MEP|Senator|Convenor|Convener|Treasurer|Manager|Officer|Analyst|Editor|"
    r"Consultant|"
    r"Presidenta?|Directora?|Coordinadora?|Profesora?|Abogad[oa]|Periodista|Secretari[oa]|Vocera?|Investigadora?|"
    r"Pr[ée]sidente?|Directeur|Directrice|Avocate?|Secr[ée]taire|Journaliste|Chercheure?)\b|"
    r"대표|교수|변호사|이사장|회장|사무국장|代表|教授|弁護士",
    re.I,
)
_AFTER_NAMES = re.compile(
    r"^(?:Ph\.?D|M\.?D|J\.?D|Esq|K\.?C|Q\.?C|S\.?J|O\.?P|MP|OBE|CBE|MBE|Jr|Sr|II|III|ret)\.?$", re.I
)
_INITIALS = re.compile(r"^(?:[^\W\d_]\.[- ]?){1,4}$")
_PARTICLES = frozenset(
    """
    de la las los del da das do dos di della van von der den ter ten zu y e al el bin ibn bint abu ben a
    f av le du des
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Member:
    """One member or supporter as printed. ``country`` is the ISO code; its basis says how we know it."""

    name: str
    kind: Kind
    country_printed: str = ""
    country: str = ""
    country_basis: Literal["printed", "name", "affiliation", "none"] = "none"
    region: str = ""
    abbreviation: str = ""
    affiliation: str = ""
    flag: str = ""  # what a person must confirm
    lines: tuple[int, int] = (0, 0)
    signed_by: str = ""  # who signed for an organisation, with the role, where a sheet says so
    role: str = ""  # supporter or observer of the coalition, as the register of a hub has it; empty: a member

    def as_json(self) -> dict[str, JSON]:
        """Stable keys; empty parts are null."""
        return {
            "name": self.name, "kind": self.kind, "country": self.country or None,
            "abbreviation": self.abbreviation or None, "affiliation": self.affiliation or None,
            "flag": self.flag or None, "country_printed": self.country_printed or None,
            "country_basis": self.country_basis, "region": self.region or None, "lines": list(self.lines),
            "signed_by": self.signed_by or None,
        }  # fmt: skip


LONGEST_ENTRY = 300  # characters
MOST_LINES = 20_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is printed for one member, with what the headings above it say."""

    text: str
    lines: tuple[int, int]
    flag: str = ""
    kind: Kind | None = None
    country: str = ""  # as the heading above prints it


@dataclass(frozen=True, slots=True)
class ListOfMembers:
    """Who stands in a statement, between which lines, under which heading, and what a person should look at."""

    members: tuple[Member, ...]
    first: int = 0
    last: int = 0
    heading: str = ""
    notices: tuple[str, ...] = ()


def read_members(text: str) -> tuple[Member, ...]:
    """The members of :func:`read_list`."""
    return read_list(text).members


def read_list(text: str, *, first: int | None = None, last: int | None = None) -> ListOfMembers:
    """Read the list of members or signatories of a statement. Raises InputRefused.

    Read are lines with dashes, bullets or numbers, under headings of countries, organisations and individuals where
    there are any; one entry a line without them; a run of names in one paragraph; blocks of name, title and
    organisation; and the bodies that submit a written statement to the United Nations. A line without a dash inside a
    dashed list belongs to no entry by itself: where it begins with a country in brackets and goes on with a dash, it
    closes the entry before it and opens another, and both are flagged for a person.

    ``first`` and ``last`` are the lines between which a person says that the names stand, both included.
    """
    lines = _lines(text)
    if len(lines) > MOST_LINES:
        raise InputRefused("a text of {number:,} lines is no statement", number=len(lines))
    region = find_list(lines) if first is None and last is None else _said(lines, first or 1, last)
    if region is None:
        raise InputRefused(
            "no heading such as “Members and supporters … are as follows:” stands in the text; say in which lines the "
            "names stand with --from and --to"
        )
    entries = _entries(region, said=first is not None)
    if not entries:
        raise InputRefused("the heading of the list is there, and no dashed line after it")
    long = next((one for one in entries if len(one.text) > 2 * LONGEST_ENTRY), None)
    if long is not None:
        raise InputRefused(
            "line {lines} stands in the list and is longer than any name: {words!r}…",
            lines=long.lines[0],
            words=long.text[:60],
        )
    entries = [one for one in entries if any(map(str.isalnum, _tidy(one.text)))]
    members = tuple(one for one in _agreed(entries, region.head) if one.name.strip())
    if not members:
        raise InputRefused("the heading of the list is there, and no name after it")
    if region.head.count is not None and region.head.count != len(members):
        region.notices.append(
            Sentence(
                "the heading counts {count}, and {number} were read: compare them",
                count=region.head.count,
                number=len(members),
            )
        )
    where = [number for one in entries for number in one.lines]
    heading = region.heading.text if region.heading else ""
    return ListOfMembers(members, min(where), max(where), heading[:200], tuple(region.notices))


def _lines(text: str) -> list[Line]:
    lines, gap = [], False
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u3000", " ").split("\n"), 1):
        if line.strip():
            lines.append(Line(number, line.strip(), gap))
        gap = not line.strip()
    return lines


def _said(lines: Sequence[Line], first: int, last: int | None) -> Region:
    inside = [line for line in lines if first <= line.number <= (last or line.number)]
    if not inside:
        raise InputRefused(
            "no line with letters stands between {first} and {last}", first=first, last=last or Sentence("the end")
        )
    head = head_of(inside[0].text)
    if head is not None and (head.run or len(inside) > 1):
        return Region(inside[1:], head, inside[0])
    return Region(inside, Head(), None)


def _agreed(entries: Sequence[_Entry], head: Head) -> tuple[Member, ...]:
    """Members of the entries. Where most of a list are people by their titles or roles, so are the others, flagged."""
    read = [_member(one.text, one.kind, one.country, as_printed=not head.membership) for one in entries]
    open_ = [at for at, one in enumerate(entries) if one.kind is None]
    people = [
        at
        for at in open_
        if read[at].kind == "individual" and (read[at].affiliation or _TITLES.match(entries[at].text))
    ]
    if not head.membership and len(open_) >= 3 and 5 * len(people) >= 3 * len(open_):
        for at in set(open_) - set(people):
            if not _ORGANISATION.search(entries[at].text.split(",")[0]):
                one = entries[at]
                read[at] = replace(
                    _member(one.text, "individual", one.country, as_printed=True),
                    flag=Sentence(
                        "line {lines}: read as a person, as most of this list are; confirm", lines=one.lines[0]
                    ),
                )
    return tuple(
        replace(member, lines=one.lines, flag="; ".join(filter(None, (one.flag, member.flag))))
        for member, one in zip(read, entries, strict=True)
    )


# --- from lines to entries --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Segment:
    """Lines between two headings that divide the list."""

    kind: Kind | None
    country: str
    lines: list[Line]


def _entries(region: Region, *, said: bool) -> list[_Entry]:
    head = region.head
    entries: list[_Entry] = []
    lines = region.lines
    if head.run:
        at = region.heading.number if region.heading else 0
        run, lines = _wrapped(head.run, lines)
        if len(_split(run)) < 2 and lines and not _closes(run):
            lines = [Line(at, run), *lines]
        else:
            entries += [replace(one, kind=head.kind) for one in _run(run, at)]
    if region.rows:
        return [*entries, *(replace(e, kind=head.kind) for line in lines for e in _run(line.text, line.number))]
    for segment in _segments(lines, head):
        entries += _of_segment(segment, region, first=not entries, said=said)
    return entries


def _closes(run: str) -> bool:
    return run.rstrip().endswith((".", "。"))


def _wrapped(run: str, lines: list[Line]) -> tuple[str, list[Line]]:
    """A run of names with the lines on which it goes on, and the lines after it."""
    parts = [run]
    for at, line in enumerate(lines):
        apart = DASH.match(line.text) or section_of(line.text) or follows(line.text) or head_of(line.text)
        if line.gap or _closes(parts[-1]) or apart:
            return " ".join(parts), lines[at:]
        parts.append(line.text)
    return " ".join(parts), []


_INLINE = re.compile(r"^([^:：]{2,50})[:：]\s*(\S.*)$")


def _segments(lines: Sequence[Line], head: Head) -> list[_Segment]:
    segments = [_Segment(head.kind, "", [])]
    for at, line in enumerate(lines):
        if follows(line.text) and not DASH.match(line.text):
            break
        current = segments[-1]
        ends_a_block = at > 0 and not line.gap and (at + 1 == len(lines) or lines[at + 1].gap)
        if not DASH.match(line.text) and len(line.text) <= 120:
            found = section_of(line.text)
            inline = _INLINE.match(line.text)
            if found is not None and not (ends_a_block and found[1] and not DASH.match(lines[at - 1].text)):
                kind, country = found
                segments.append(_Segment(kind or (current.kind if country is not None else None), country or "", []))
                continue
            if other := head_of(line.text):
                run = [Line(line.number, other.run, True)] if other.run else []
                segments.append(_Segment(other.kind, "", run))
                continue
            if inline and (found := section_of(inline[1])) is not None:
                segments.append(
                    _Segment(found[0] or current.kind, found[1] or "", [Line(line.number, inline[2], True)])
                )
                continue
        current.lines.append(line)
    return [one for one in segments if one.lines]


def _of_segment(segment: _Segment, region: Region, *, first: bool, said: bool) -> list[_Entry]:
    lines = segment.lines
    if any(DASH.match(line.text) for line in lines):
        entries = _dashed(lines, first=first)
    elif (runs := _runs(segment)) is not None:
        entries = runs
    elif (blocks := _blocks(lines, region.blocks)) is not None:
        entries = blocks
    else:
        entries = _plain(lines, first=first, said=said or bool(segment.country))
    return [replace(one, kind=one.kind or segment.kind, country=one.country or segment.country) for one in entries]


def _dashed(lines: Sequence[Line], *, first: bool) -> list[_Entry]:
    entries: list[_Entry] = []
    for line in lines:
        if DASH.match(line.text):
            entries.append(_Entry(DASH.sub("", line.text).strip(), (line.number, line.number)))
        elif not entries:
            if not first:
                continue
            raise InputRefused(
                "line {number} follows the heading of the list and begins with no dash: {words!r}",
                number=line.number,
                words=line.text,
            )
        elif len(line.text) > LONGEST_ENTRY or (line.gap and _is_sentence(line.text)):
            break  # a paragraph after the list
        else:
            entries[-1:] = _continued(entries[-1], line.number, line.text)
    return entries


def _is_sentence(text: str) -> bool:
    return text.endswith((".", "。", "다.")) and (len(text.split()) > 8 or len(text) > 60)


def _plain(lines: Sequence[Line], *, first: bool, said: bool) -> list[_Entry]:
    """One entry a line. A lone line after a heading, or a sentence, is no list unless somebody said so."""
    if first and not said and (len(lines) < 2 or len(lines[0].text) > 160 or lines[0].text.endswith((".", "。"))):
        line = lines[0]
        raise InputRefused(
            "line {number} follows the heading of the list and begins with no dash: {words!r}",
            number=line.number,
            words=line.text,
        )
    entries: list[_Entry] = []
    for line in lines:
        if len(line.text) > 160 or _is_sentence(line.text):
            break
        entries.append(_Entry(line.text.rstrip(";；,、"), (line.number, line.number)))
    return entries


def _continued(before: _Entry, number: int, line: str) -> list[_Entry]:
    first = before.lines[0]
    split = re.match(r"^(\([^()]*\))\s+[-–—]\s+(\S.*)$", line)
    if split:
        why = Sentence(
            "lines {first}-{number}: a line break stands inside an entry, and the line goes on after a dash; read "
            "as two members, “{words} {split}” and “{split2}”; a person must confirm",
            first=first,
            number=number,
            words=before.text,
            split=split[1],
            split2=split[2].strip(),
        )
        return [
            replace(before, text=f"{before.text} {split[1]}", lines=(first, number), flag=why),
            replace(before, text=split[2].strip(), lines=(first, number), flag=why),
        ]
    why = Sentence(
        "lines {first}-{number}: an entry goes on without a dash; read as one; a person must confirm",
        first=first,
        number=number,
    )
    return [replace(before, text=f"{before.text} {line}", lines=(first, number), flag=why)]


def _blocks(lines: Sequence[Line], under_closing: bool) -> list[_Entry] | None:
    """Blocks between empty lines, each a name with its title and organisation below it; None where there are none."""
    blocks: list[list[Line]] = []
    for line in lines:
        if line.gap or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    tall = [block for block in blocks if 2 <= len(block) <= 5]
    if not under_closing and (len(tall) < 2 or 5 * len(tall) < 3 * len(blocks)):
        return None
    people = [block for block in tall if _shaped_like_a_person(block[0].text)]
    if not under_closing and 2 * len(people) < len(tall):
        return None
    entries = []
    for block in blocks:
        if len(block) > 5 or _is_sentence(block[0].text):
            break
        beside = ", ".join(line.text.strip(" ,;") for line in block[1:])
        kind: Kind | None = "individual" if beside and _shaped_like_a_person(block[0].text) else None
        text = f"{block[0].text.strip(' ,;')}, {beside}" if beside and kind else block[0].text.strip(" ,;")
        entries.append(_Entry(text, (block[0].number, block[-1].number), "", kind))
    return entries


# --- names in a row ---------------------------------------------------------------------------------------------------


def _runs(segment: _Segment) -> list[_Entry] | None:
    """The names of paragraphs that hold several; None where each line is an entry of its own."""
    paragraphs: list[list[Line]] = []
    for line in segment.lines:
        if line.gap or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line)
    body = paragraphs[0]
    text = _joined(body)
    parts = _split(text)
    if len(body) == 1 and len(parts) > 1 and (_all_people(parts) or (len(parts) > 1 and "、" in text)):
        return [entry for line in segment.lines for entry in _run(line.text, line.number)]
    if len(parts) < 3 or (segment.kind == "individual" and not re.search("[;；、]", text)):
        return None
    if len(body) > 1:
        several = [len(_split(line.text)) for line in body]
        people = sum(bool(_TITLES.match(line.text) or _ROLE.search(line.text.partition(",")[2])) for line in body)
        if 2 * people >= len(body) or sum(several) < 2.5 * len(body) or not all(
            len(line.text) > 40 or line.text.rstrip().endswith((",", ";", "、", "，")) for line in body[:-1]
        ):  # fmt: skip
            return None
    entries: list[_Entry] = []
    for paragraph in paragraphs:
        joined = _joined(paragraph)
        if entries and (_is_sentence(joined) and len(_split(joined)) < 3):
            break
        entries += [
            replace(one, lines=(paragraph[0].number, paragraph[-1].number)) for one in _run(joined, paragraph[0].number)
        ]
    return entries


def _all_people(parts: Sequence[str]) -> bool:
    """Whether each part of a row is a person's name, and none a role."""
    bare = [re.sub(r"\s*\([^()]*\)$", "", part) for part in parts]
    return all(
        (_shaped_like_a_person(one) or re.fullmatch("[一-龥]{2,4}", one)) and not _ROLE.search(one) and not code_of(one)
        for one in bare
    )


def _joined(lines: Sequence[Line]) -> str:
    spaced = any(letter == " " for line in lines for letter in line.text)
    return (" " if spaced else "").join(line.text for line in lines)


def _split(run: str) -> list[str]:
    """Parts between separators that stand outside brackets; semicolons separate where there are any."""
    bare = re.sub(r"\([^()]*\)|（[^（）]*）", "", run)
    marks = ";；" if re.search("[;；]", bare) else ",、，،"
    if not re.search(f"[{marks}]", bare):
        marks = "·ㆍ・/" if len(re.findall(r"[·ㆍ・/]", bare)) >= 3 else marks
    parts, depth, part = [], 0, ""
    for letter in run:
        depth += (letter in "(（") - (letter in ")）")
        if letter in marks and depth <= 0:
            parts.append(part.strip())
            part = ""
        else:
            part += letter
    return [one for one in (*parts, part.strip()) if one]


# Words that begin a name of the form "Lawyers, Judges and Clerks for …": alone between commas they are no name.
_PARTS_OF_NAMES = frozenset(
    """
    lawyers judges doctors physicians nurses journalists writers artists teachers students scientists
    engineers workers farmers fishers women men youth children mothers fathers parents families friends
    relatives survivors victims activists citizens christians muslims buddhists catholics peace justice
    truth freedom democracy equality dignity rights law reconciliation memory solidarity health
    education development environment culture science research abogados jueces medicos periodistas
    maestros estudiantes mujeres madres padres familiares jovenes verdad justicia paz memoria libertad
    derechos avocats juges medecins journalistes femmes jeunes meres verite liberte paix
    """.split()  # noqa: SIM905 - a table reads better whole
)
_AND = r"(?:and|&|y|e|et|und|en|dan|и|та|和|及)"


def _run(run: str, number: int) -> list[_Entry]:
    run = re.sub(r"\s*[(（](?:以上|총|全|total)[^()（）]*[)）]\s*[.。]?\s*$", "", run.strip())
    run = re.sub(r"\.\s+(?=[A-Z][^,;]*(?:contact|information|please|visit|@)).*$", "", run, flags=re.S | re.I)
    entries: list[_Entry] = []
    parts = _split(run.rstrip(" .。"))
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        names = _two_names(part) if last else [part]
        for name in names:
            name = re.sub(rf"^(?:{_AND}|및|および|並びに|ならびに)\s+", "", name.strip())
            name = re.sub(r"^(?:the|las?|los|les?) (?=[A-ZÀ-Þ])", "", name)
            if entries and _goes_on(entries[-1].text, name):
                why = Sentence(
                    "line {number}: a comma stands inside a name, or a name begins small; read as one; confirm",
                    number=number,
                )
                entries[-1] = replace(entries[-1], text=f"{entries[-1].text}, {name}", flag=why)
            elif name:
                entries.append(_Entry(name, (number, number)))
    return entries


def _two_names(part: str) -> list[str]:
    """The last part of a run may hold two names joined by "and": at the last one that joins no words of one name."""
    for found in reversed(list(re.finditer(rf"\s+{_AND}\s+", part))):
        before, after = part[: found.start()], part[found.end() :]
        words = before.split()
        inside = before.count("(") > before.count(")") or folded(words[-1]) in _PARTS_OF_NAMES or words[-1] == "&"
        if not inside and after[:1] and (len(words) > 1 or words[0].isupper() or not words[0].isascii()):
            return [before, after]
    return [part]


_LEGAL_FORM = re.compile(
    r"^(?:Inc|Ltd|LLC|LLP|Corp|Co|S\.A|A\.C|A\.B\.P|e\.V|z\.s|o\.p\.s|asbl)\.?(?:\s*\([^()]*\))?(?:,.*)?$", re.I
)


def _goes_on(before: str, name: str) -> bool:
    if re.fullmatch(
        r"(?:Inc|Ltd|LLC|LLP|Corp|Co|S\.A|A\.C|A\.B\.P|e\.V|z\.s|o\.p\.s|asbl|ASBL)\.?(?: \([^()]*\))?", name
    ):
        return True
    if not name[:1].isupper() and name[:1].isascii() and name[:1].isalpha() and not re.match(r"[a-z]+[A-Z]", name):
        return True
    last = folded(before.split()[-1]) if before.split() else ""
    return last in _PARTS_OF_NAMES and bool(re.search(rf"\s{_AND}\s", name) or folded(name) in _PARTS_OF_NAMES)


_COLUMNS: Mapping[str, str] = {
    "name": r"^(?:full )?names?$|^signator(?:y|ies)$|^이름$|^성명$|^氏名$|^名前$|^名称$",
    "organisation": r"organi[sz]ation|단체|기관|団体",
    "country": r"^countr(?:y|ies)$|^나라$|^국가$|^国$|^国名$",
    "affiliation": r"affiliation|institution|소속|所属",
    "abbreviation": r"abbreviation|acronym|약칭|略称",
    "kind": r"^(?:kind|type)$|^종류$|^구분$|^種別$",
}


def read_table_of_members(table: Sequence[Sequence[str]]) -> tuple[Member, ...]:
    """Members from a table whose first row names its columns; none when it has no column of names."""
    if len(table) < 2:
        return ()
    columns: dict[str, int] = {}
    for at, heading in enumerate(table[0]):
        for column, pattern in _COLUMNS.items():
            if column not in columns and re.search(pattern, heading.strip(), re.I):
                columns[column] = at
                break
    if not columns.keys() & {"name", "organisation"}:
        return ()
    found = []
    for number, row in enumerate(table[1:], start=2):
        cells = {column: row[at].strip() if at < len(row) else "" for column, at in columns.items()}
        if one := _row(cells, number):
            found.append(one)
    return tuple(found)


def _row(cells: Mapping[str, str], number: int) -> Member | None:
    name, organisation = cells.get("name", ""), cells.get("organisation", "")
    kind: Kind | None = _kind_of_cell(cells.get("kind", ""))
    if name and organisation:  # a person beside the organisation that it belongs to
        kind = kind or "individual"
    if not (name or organisation):
        return None
    read = _member(name or organisation, kind or (None if name else "organisation"), cells.get("country", ""))
    beside = cells.get("affiliation", "") or (organisation if name else "")
    printed = cells.get("country", "")
    flag = (
        ""
        if not printed or read.country
        else Sentence("row {number}: “{printed}” is no country that we know; confirm", number=number, printed=printed)
    )
    return replace(
        read, lines=(number, number), flag=flag, abbreviation=cells.get("abbreviation", "") or read.abbreviation,
        affiliation=beside if read.kind == "individual" and beside else read.affiliation,
    )  # fmt: skip


def _kind_of_cell(text: str) -> Kind | None:
    found = section_of(text)
    return found[0] if found else None


def register() -> tuple[Member, ...]:
    """The founding members and supporters of December 2011, from the reviewed vocabulary."""
    return tuple(
        Member(
            entry.label["en"], entry.more["kind"], entry.more.get("country_printed", ""), entry.more.get("country", ""),
            entry.more["country_basis"], entry.more.get("region", ""), entry.more.get("abbreviation", ""),
            entry.more.get("affiliation", ""), entry.more.get("flag", ""),
        )
        for entry in load("members").entries.values()
    )  # fmt: skip


def _member(entry: str, hint: Kind | None = None, under: str = "", *, as_printed: bool = False) -> Member:
    """One entry. ``hint`` and ``under``: kind and country that the headings above it give. ``as_printed``: titles and
    the abbreviation in brackets belong to the name, as they do where somebody signs a text."""
    rest, printed, abbreviation, beside = _tidy(entry), "", "", ""
    brackets = ""
    while found := _LAST_BRACKETS.match(rest):
        inside, before = found["inside"].strip(), found["before"].strip()
        head, comma, tail = inside.rpartition(",")
        if not printed and before and (code_of(inside) or folded(inside) in ("international", "internacional")):
            rest, printed = before, inside
        elif comma and code_of(tail) and not printed:  # (Aid House, Norway), (PU, ROK)
            rest, printed = f"{before} ({head.strip()})", tail.strip()
        elif _AFTER_NAMES.match(inside):
            break
        elif _abbreviates(inside, before):
            rest, abbreviation = before, inside
            brackets = f" ({inside})" if not printed or entry.rstrip().endswith((f"({printed})", printed)) else ""
        elif _abbreviates(before, inside):  # abbreviation first, the full name in brackets
            rest, abbreviation = inside, before
            break
        elif hint == "individual" or (hint is None and (_TITLES.match(before) or _korean_person(before))):
            rest, beside = before, inside
        else:
            break
    if not printed:
        rest, printed = _with_country_behind(rest)
        if printed and (found := _LAST_BRACKETS.match(rest)) and _abbreviates(found["inside"], found["before"]):
            rest, abbreviation, brackets = found["before"].strip(), found["inside"], f" ({found['inside']})"
    name, affiliation, kind = rest, "", "organisation"
    dashed = re.match(r"^(?P<name>.+?)\s+[-–—]\s+(?P<short>\S+)$", rest)
    if dashed and _abbreviates(dashed["short"], dashed["name"]):
        name, abbreviation = dashed["name"], dashed["short"]
    elif hint == "individual":
        name, affiliation = _apart(rest)
        kind = "individual"
    elif hint is None and (person := _person(rest)):
        name, affiliation = person
        kind = "individual"
    if beside:
        affiliation, kind = "; ".join(part for part in (affiliation, beside) if part), "individual"
    if (
        as_printed
        and kind == "organisation"
        and brackets
        and not dashed
        and "," not in entry[entry.find(brackets) :].split(")")[0]
    ):
        name += brackets
    country, basis, region = _country(printed or under, name, affiliation, kind)
    flag = ""
    if hint == "organisation" and _TITLES.match(rest) and not _ORGANISATION.search(rest):
        flag = Sentence("begins with a title, in a list of organisations; confirm that it is one")
    return Member(
        name if as_printed or kind != "individual" else _TITLES.sub("", name),
        "individual" if kind == "individual" else "organisation",
        printed or (under if code_of(under) else ""), country, basis, region, abbreviation, affiliation, flag,
    )  # fmt: skip


def _tidy(entry: str) -> str:
    """Without marks of footnotes and what stands around a name."""
    entry = entry.replace("（", "(").replace("）", ")").replace("\xa0", " ").strip()
    return re.sub(r"(?:\s*(?:[*†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\d{1,3}\]))+$", "", entry).strip(" ,;|").strip()


def _with_country_behind(entry: str) -> tuple[str, str]:
    """An entry and the country that is printed behind a comma, a dash, a slash, a colon or a gap."""
    found = re.match(
        r"^(?P<name>.+?)\s*(?:,|，|、|\s[-–—|/]|/|:|：|\t|\s{3,})\s*(?P<country>[^,，、|:：\t]{2,50})$", entry, re.S
    )
    while found is not None and not code_of(found["country"].strip(" .")):
        mark = re.match(r"^(.*)(?:,|，|、|\s[-–—|/]\s|/|:|：|\t|\s{3,})\s*([^,，、|:：\t]{2,50})$", entry, re.S)
        if mark is None or not code_of(mark[2].strip(" .")):
            return entry, ""
        return mark[1].strip(" ,"), mark[2].strip(" .")
    return (found["name"].strip(" ,"), found["country"].strip(" .")) if found else (entry, "")


def _korean_person(text: str) -> bool:
    """Two to four syllables without a word that only organisations have: with brackets after it, a person."""
    return re.fullmatch(r"[가-힣]{2,4}", text) is not None and not _ORGANISATION.search(text)


def _apart(text: str) -> tuple[str, str]:
    """A person's name and what is printed beside it; initials and degrees behind a comma belong to the name."""
    parts = [part.strip() for part in re.split(r"[,，、]\s*|\s+[–—-]\s+|\s*[|;；]\s*|\t|\s{3,}", text) if part.strip()]
    name = parts[0] if parts else text
    rest = parts[1:]
    while rest and (_INITIALS.match(rest[0]) or _AFTER_NAMES.match(rest[0])):
        name = f"{name}, {rest.pop(0)}"
    if not rest and (short := re.match(r"^([가-힣]{2,4}) (\S.*)$", name)):
        return short[1], short[2]
    return name, ", ".join(rest)


def _person(text: str) -> tuple[str, str] | None:
    """Name and affiliation of an individual, or None for an organisation."""
    titled = _TITLES.match(text)
    head, comma, tail = text.partition(", ")
    bare = _TITLES.sub("", head)
    words = bare.split()
    if comma and _korean_person(head):
        return head, tail
    if _ORGANISATION.search(bare) and not (titled and _ROLE.search(tail)):
        return None
    if titled:
        return _apart(text)
    if not 2 <= len(words) <= 5 or not all(w[0].isupper() or w.casefold() in _PARTICLES for w in words):
        ranked = re.match(r"^(\w+ \w+),? (.*)$", _TITLES.sub("", text))
        return (ranked[1], ranked[2]) if ranked and comma and _ROLE.search(ranked[2]) else None
    if comma and _LEGAL_FORM.match(tail):
        return None
    if comma and (_ROLE.search(tail) or len(words) <= 4):
        if _INITIALS.match(tail.split(",")[0]) or _AFTER_NAMES.match(tail.split(",")[0].strip()):
            return _apart(text)
        parts = [part.strip() for part in re.split(r"\s+[/&]\s+|,? and (?=author)", tail)]
        return head, "; ".join(re.sub(r"Recipient\b", "recipient", part) for part in parts)
    if not comma and _looks_like_a_person(words):
        return head, ""
    return None


def _shaped_like_a_person(text: str) -> bool:
    words = _TITLES.sub("", text.split(",")[0]).split()
    if _korean_person(text.split(" ")[0]) and len(words) <= 2:
        return True
    shaped = 2 <= len(words) <= 5 and all(w[0].isupper() or w.casefold() in _PARTICLES for w in words)
    return bool(_TITLES.match(text)) or (shaped and not _ORGANISATION.search(text.split(",")[0]))


# Names of people are not told from organisations by shape alone: two capitalised words without a word of organisations
# are read as a person only when neither is a common noun. Small on purpose; the rest is for a person to confirm.
_NOUNS = {
    "voice",
    "katacombs",
    "need",
    "house",
    "home",
    "hope",
    "light",
    "bridge",
    "now",
    "aid",
    "link",
    "fence",
    "action",
}


def _looks_like_a_person(words: list[str]) -> bool:
    return len(words) == 2 and not any(w.isupper() or w.lower() in _NOUNS for w in words)


def _abbreviates(short: str, name: str) -> bool:
    """Whether ``short`` is an abbreviation of ``name``: no longer than it, one to two words, mostly capitals."""
    letters = [c for c in short if c.isalpha()]
    if not letters or len(short) > 14 or len(short) >= len(name) or code_of(short):
        return False
    capitals = sum(c.isupper() for c in letters)
    return len(name.split()) > 1 and capitals >= 2 and capitals / len(letters) >= 0.6


def _country(
    printed: str, name: str, affiliation: str, kind: str
) -> tuple[str, Literal["printed", "name", "affiliation", "none"], str]:
    if code := code_of(printed):
        return code, "printed", region_of(code)
    if kind == "organisation":
        for word, known in [*((c, c) for c in COUNTRIES if len(c) > 3 and c.isascii()), *ADJECTIVES.items()]:
            # a member whose name tells what it works on ("for Human Rights in North Korea") has no country from it
            if re.search(rf"(?:^{word}\b|\b(?:of|for) {word}$)", name):
                return COUNTRIES[known], "name", region_of(COUNTRIES[known])
        for region, pattern in (("Asia", r"^Asian?\b"), ("Europe", r"^European?\b")):
            if re.search(pattern, name):
                return "", "none", region
    return "", "none", ""
