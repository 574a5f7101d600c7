"""OpenEvSys: its SQL dump, read as text and never run. An act joins one victim to one type; an involvement joins a
perpetrator to an act; an information joins a source to an event. Its results of a search are read as well, as far as
they go."""

import re
from collections.abc import Iterator, Mapping, Sequence

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource, Role, with_roles
from corroborate.tables import File, guessed
from corroborate.translation import Sentence
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
    if b"INSERT INTO `" in begins and b"`act_record_number`" in begins:
        return True
    line = begins.split(b"\n")[0].strip().removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="ignore")
    return _is_search(line) or _WITHOUT_HEADING.match(line) is not None


_WITHOUT_HEADING = re.compile(r'"(?:PERSON|EVENT|ACT)-\w+",.*,$')


def _is_search(line: str) -> bool:
    """The heading of a search's results, which ends in a comma, or in a tab."""
    return "Event Record Number" in line and "Person Name" in line and ('",' in line or "\t" in line)


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    text = guessed(file.read(), file.name).text or ""
    line = text.lstrip("\ufeff").split("\n", 1)[0].strip()
    if _is_search(line):
        return _of_search(text.lstrip("\ufeff"), file.name)
    if _WITHOUT_HEADING.match(line):
        raise InputRefused("{name} is a list of results without headings: nobody can say what its columns "
                           "are; take the Database export of Admin, or an advanced search", name=file.name)  # fmt: skip
    tables = _tables(text, file.name)
    if missing := [name for name in _NEEDED if name not in tables]:
        raise InputRefused(
            "{name} has no table {listed}: it is another dump, or another version",
            name=file.name,
            listed=", ".join(missing),
        )
    terms = {str(one["vocab_number"]): str(one["english"] or "") for one in tables["mt_vocab"]}
    people = tuple(_person(one, terms) for one in tables["person"])
    sources = (*_interviews(tables, terms), *_documents(tables, terms))
    acts = tuple(_acts(tables, terms))
    notices = [
        Sentence("dates of a term list keep what is known of them: the year of an estimate, the month of a month")
    ]
    secret = sum(one.more.get("confidential") is True for one in people) + sum(act.share is False for act in acts)
    if secret:
        notices.append(
            Sentence(
                (
                    "{secret} person or act is marked confidential: it is taken in as not to be shared",
                    "{secret} people and acts are marked confidential: they are taken in as not to be shared",
                ),
                secret=secret,
            )
        )
    return with_roles(Export("openevsys", people, acts, sources, tuple(_links(tables, terms)), tuple(notices)))


def _tables(text: str, name: str) -> dict[str, list[Record]]:
    columns = {found[1]: re.findall(r"^\s*`(\w+)`", found[2], re.M) for found in _CREATE.finditer(text)}
    tables: dict[str, list[Record]] = {table: [] for table in columns}
    for found in _INSERT.finditer(text):
        names = re.findall(r"`(\w+)`", found[2]) if found[2] else columns.get(found[1], [])
        for row in _tuples(text, found.end(), name):
            if len(row) != len(names):
                raise InputRefused(
                    (
                        "{name}: a row of {found} has {number} value, the table {number2} columns",
                        "{name}: a row of {found} has {number} values, the table {number2} columns",
                    ),
                    name=name,
                    found=found[1],
                    number=len(row),
                    number2=len(names),
                )
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
                raise InputRefused(
                    "{name} is no dump that can be read: its values break at character {at:,}", name=name, at=at
                )
            row.append(
                _plain(found[1]) if found[1] is not None else (None if found[2].strip() == "NULL" else found[2].strip())
            )
            at = found.end()
            if at >= len(text) or text[at] not in ",)":
                raise InputRefused(
                    "{name} is no dump that can be read: its values break at character {at:,}", name=name, at=at
                )
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


def _person(one: Record, terms: Mapping[str, str]) -> ExportPerson:
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
    return ExportPerson(str(one["person_record_number"]), one.get("person_name") or "", other, sex,
                      _date(one, "date_of_birth", terms), role, more)  # fmt: skip


def _documents(tables: Mapping[str, list[Record]], terms: Mapping[str, str]) -> Iterator[ExportSource]:
    for one in tables.get("supporting_docs_meta", []):
        url = one.get("description") or ""
        yield ExportSource(str(one["doc_id"]), one.get("title"), _term(terms, one.get("type")), one.get("datecreated"),
                         url if url.startswith("http") else None)  # fmt: skip


def _interviews(tables: Mapping[str, list[Record]], terms: Mapping[str, str]) -> Iterator[ExportSource]:
    """What somebody told: an information, which is confidential by itself."""
    names = {one["person_record_number"]: one.get("person_name") for one in tables["person"]}
    kinds = {one.get("record_number"): _term(terms, one.get("vocab_number"))
             for one in tables.get("mlt_information_type_of_source_material", [])}  # fmt: skip
    for one in tables.get("information", []):
        number = str(one["information_record_number"])
        more: dict[str, JSON] = {"person": names.get(one.get("source")), "event": one.get("event")}
        if one.get("confidentiality") == "y":
            more["confidential"] = True
        title = one.get("remarks") or one.get("information_source_material") or kinds.get(number)
        yield ExportSource(number, title, kinds.get(number), one.get("date_of_source_material"), None, more)


def _acts(tables: Mapping[str, list[Record]], terms: Mapping[str, str]) -> Iterator[ExportAct]:
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
        yield ExportAct(
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
        if one.get("affiliation") or one.get("rank"):
            group = one.get("affiliation") or names.get(one.get("related_person"))
            yield {"type": "affiliation", "a": names.get(one["person"]), "b": group, "role": one.get("rank"),
                   "a_key": one["person"], "b_key": one.get("related_person")}  # fmt: skip
        elif one.get("related_person"):
            yield {"type": "relationship", "a": names.get(one["person"]), "b": names.get(one["related_person"]),
                   "role": _term(terms, one.get("type_of_relationship"))}  # fmt: skip


# --- results of a search ----------------------------------------------------------------------------------------------

_PLAIN_NAMES = {"yes": True, "sí": True, "si": True, "oui": True, "да": True, "نعم": True}


def _of_search(text: str, name: str) -> Export:
    """A row a victim and act. Quotation marks inside a value are not escaped: a value ends where one with a comma
    stands, and every line has a comma too many. The XLS are the same, with tabs."""
    lines = [line for line in re.split(r"\r?\n(?=\"EVENT|EVENT|\"|$)", text) if line.strip()]
    heading = _values(lines[0])
    people: dict[str, ExportPerson] = {}
    acts = []
    for number, line in enumerate(lines[1:], start=2):
        values = _values(line)
        if len(values) != len(heading):
            raise InputRefused(
                "{name}: line {number} has {values} values, the heading {heading}: a value holds what ends one; "
                "take the Database export of Admin",
                name=name, number=number, values=len(values), heading=len(heading),
            )  # fmt: skip
        cells = {key: re.sub(r"Sample:\s*|\s*\(sample\)", "", value).strip().replace("\\n", "\n")
                 for key, value in zip(heading, values, strict=True)}  # fmt: skip
        acts.append(_act_of_search(number, cells, people))
    notices = (
        Sentence(
            "results of a search say less than the Database export: of dates of birth it is not said how exact they "
            "are, and the first of a month or year counts as the month or year"
        ),
    )
    return with_roles(Export("openevsys", tuple(people.values()), tuple(acts), (), (), notices))


def _values(line: str) -> list[str]:
    if "\t" in line:
        parts = [_unquoted(part.strip()) for part in line.rstrip("\r\n").split("\t")]
        return parts[:-1] if not parts[-1] else parts
    return line.strip().removesuffix(",").strip().removeprefix('"').removesuffix('"').split('","')


def _unquoted(part: str) -> str:
    if len(part) > 1 and part[0] == part[-1] == '"':
        part = part[1:-1]
    return part.replace('""', '"')


def _act_of_search(number: int, cells: Mapping[str, str], people: dict[str, ExportPerson]) -> ExportAct:
    victims = _people_called(cells.get("Person Name", ""), people)
    perpetrators = _people_called(cells.get("Perpetrator", ""), people)
    if victims:
        other = tuple(part for part in (cells.get("Other Names", ""),) if part)
        birth = re.sub(r"(-01)?-01$", "", cells.get("Date Of Birth", ""))  # the 1st stands where a day is not known
        sex = cells.get("Sex", "").lower()
        people[victims[0]] = ExportPerson(victims[0], people[victims[0]].name, other, sex or None, birth or None)
    kind = cells.get("Initial Date Type", "").lower()
    start = cells.get("Initial Date", "")
    start = start[:7] if "month" in kind else (start[:4] if re.search("estimate|year|approx|circa", kind) else start)
    secret = cells.get("Confidentiality", "").lower() in _PLAIN_NAMES
    more: dict[str, JSON] = {"event": cells.get("Event Title")}
    return ExportAct(f"row {number}", cells.get("Type Of Act") or None, start or None, cells.get("Final Date") or None,
                   cells.get("Exact Location") or None, victims=victims, perpetrators=perpetrators,
                   share=False if secret else None, more=more)  # fmt: skip


def _people_called(name: str, people: dict[str, ExportPerson]) -> tuple[str, ...]:
    if not name:
        return ()
    people.setdefault(name, ExportPerson(name, name))
    return (name,)
