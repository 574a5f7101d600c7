"""OpenEvSys: its SQL dump, read as text and never run. An act joins one victim to one type; an involvement joins a
perpetrator to an act; an information joins a source to an event."""

import re
from collections.abc import Iterator, Mapping, Sequence

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, Role, ToldAct, ToldPerson, ToldSource, with_roles
from corroborate.tables import File, guessed
from corroborate.values import JSON

_LARGEST = 512 << 20
_NEEDED = ("act", "event", "person", "involvement", "mt_vocab")
_CREATE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?`(\w+)` \((.*?)\n\)", re.S)
_INSERT = re.compile(r"INSERT INTO `(\w+)`(?: \(([^)]*)\))? VALUES\s*")
_VALUE = re.compile(r"\s*(?:'((?:[^'\\]|\\.|'')*)'|([^,()']+))\s*", re.S)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "Z": "\x1a"}
Record = Mapping[str, str | None]


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(1 << 20)
    return b"INSERT INTO `" in begins and b"`act_record_number`" in begins


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(f"{file.name} has {file.size:,} bytes; the limit is {_LARGEST:,}")
    tables = _tables(guessed(file.read(), file.name).text or "", file.name)
    if missing := [name for name in _NEEDED if name not in tables]:
        raise InputRefused(f"{file.name} has no table {', '.join(missing)}: it is another dump, or another version")
    terms = {str(one["vocab_number"]): str(one["english"] or "") for one in tables["mt_vocab"]}
    people = tuple(_person(one, terms) for one in tables["person"])
    sources = tuple(_documents(tables, terms))
    acts = tuple(_acts(tables, terms))
    notices = ["dates of a term list keep what is known of them: the year of an estimate, the month of a month"]
    secret = sum(one.more.get("confidential") is True for one in people) + sum(act.share is False for act in acts)
    if secret:
        notices.append(f"{secret} people and acts are marked confidential: they are taken in as not to be shared")
    return with_roles(Export("openevsys", people, acts, sources, tuple(_links(tables, terms)), tuple(notices)))


def _tables(text: str, name: str) -> dict[str, list[Record]]:
    columns = {found[1]: re.findall(r"^\s*`(\w+)`", found[2], re.M) for found in _CREATE.finditer(text)}
    tables: dict[str, list[Record]] = {table: [] for table in columns}
    for found in _INSERT.finditer(text):
        names = re.findall(r"`(\w+)`", found[2]) if found[2] else columns.get(found[1], [])
        for row in _tuples(text, found.end(), name):
            if len(row) != len(names):
                raise InputRefused(f"{name}: a row of {found[1]} has {len(row)} values, the table {len(names)} columns")
            tables.setdefault(found[1], []).append(dict(zip(names, row, strict=True)))
    return tables


def _tuples(text: str, at: int, name: str) -> Iterator[list[str | None]]:
    """The tuples of one INSERT, whose strings may hold anything, escaped."""
    while at < len(text) and text[at] == "(":
        at += 1
        row: list[str | None] = []
        while True:
            found = _VALUE.match(text, at)
            if found is None:
                raise InputRefused(f"{name} is no dump that can be read: its values break at character {at:,}")
            row.append(
                _plain(found[1]) if found[1] is not None else (None if found[2].strip() == "NULL" else found[2].strip())
            )
            at = found.end()
            if at >= len(text) or text[at] not in ",)":
                raise InputRefused(f"{name} is no dump that can be read: its values break at character {at:,}")
            at += 1
            if text[at - 1] == ")":
                break
        yield row
        follows = re.compile(r",\s*").match(text, at)
        at = follows.end() if follows else len(text)


def _plain(text: str) -> str:
    return re.sub(
        r"\\(.)|''", lambda found: "'" if found[1] is None else _ESCAPES.get(found[1], found[1]), text, flags=re.S
    )


def _date(one: Record, field: str, terms: Mapping[str, str]) -> str | None:
    """A date as exact as its type says: the dump fills every date up to a day."""
    date, kind = one.get(field), terms.get(one.get(f"{field}_type") or "", "").lower()
    if not date or date.startswith("0000"):
        return None
    if "month" in kind and "unknown" not in kind:
        return date[:7]
    return date[:4] if re.search("estimate|year|approx|circa", kind) else date


def _term(terms: Mapping[str, str], code: str | None) -> str | None:
    words = re.sub(r"^Sample:\s*|\s*\(sample\)$", "", terms.get(code or "", "")) if code else ""
    return words or None


def _person(one: Record, terms: Mapping[str, str]) -> ToldPerson:
    other = tuple(part.strip() for part in re.split(r"[;\n]", one.get("other_names") or "") if part.strip())
    sex = (_term(terms, one.get("sex")) or "").lower() or None
    more: dict[str, JSON] = {}
    if one.get("confidentiality") == "y":
        more["confidential"] = True
    if one.get("number_of_persons_in_group"):
        more["number"] = int(str(one["number_of_persons_in_group"]))
    if one.get("remarks"):
        more["remarks"] = one["remarks"]
    role: Role = "other"
    return ToldPerson(str(one["person_record_number"]), one.get("person_name") or "", other, sex,
                      _date(one, "date_of_birth", terms), role, more)  # fmt: skip


def _documents(tables: Mapping[str, list[Record]], terms: Mapping[str, str]) -> Iterator[ToldSource]:
    for one in tables.get("supporting_docs_meta", []):
        url = one.get("description") or ""
        yield ToldSource(str(one["doc_id"]), one.get("title"), _term(terms, one.get("type")), one.get("datecreated"),
                         url if url.startswith("http") else None)  # fmt: skip


def _acts(tables: Mapping[str, list[Record]], terms: Mapping[str, str]) -> Iterator[ToldAct]:
    events = {one["event_record_number"]: one for one in tables["event"]}
    told = tables.get("information", [])
    documents = tables.get("event_doc", [])
    for one in tables["act"]:
        event = events.get(one.get("event"))
        by = [i["perpetrator"] for i in tables["involvement"] if i.get("act") == one["act_record_number"]]
        heard = [
            i
            for i in told
            if i.get("event") == one.get("event") and i.get("related_person") in (None, one.get("victim"))
        ]
        sources = [i["source"] for i in heard]
        sources += [d["doc_id"] for d in documents if d.get("record_number") == one.get("event")]
        secret = [one, *heard, *([event] if event else [])]
        more: dict[str, JSON] = {}
        if one.get("remarks"):
            more["narrative"] = one["remarks"]
        if event is not None:
            more["event"] = event.get("event_title")
        yield ToldAct(
            str(one["act_record_number"]), _term(terms, one.get("type_of_act")), _date(one, "initial_date", terms),
            _date(one, "final_date", terms), one.get("exact_location"), _number(one.get("act_location_latitude")),
            _number(one.get("act_location_longitude")), _keys([one.get("victim")]), _keys(by), _keys(sources), (),
            False if any(each.get("confidentiality") == "y" for each in secret) else None, more,
        )  # fmt: skip


def _keys(keys: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in keys if key))


def _number(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _links(tables: Mapping[str, list[Record]], terms: Mapping[str, str]) -> Iterator[Mapping[str, JSON]]:
    names = {one["person_record_number"]: one.get("person_name") for one in tables["person"]}
    for one in tables.get("biographic_details", []):
        if one.get("related_person"):
            yield {"type": "relationship", "a": names.get(one["person"]), "b": names.get(one["related_person"]),
                   "role": _term(terms, one.get("type_of_relationship"))}  # fmt: skip
        elif one.get("affiliation"):
            yield {
                "type": "affiliation",
                "a": names.get(one["person"]),
                "b": one["affiliation"],
                "role": one.get("rank"),
            }
