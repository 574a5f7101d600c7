"""`corroborate interview`: record an interview or a paper from a file, as the page Record does; take it back."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import click
import yaml

from corroborate.custody import write_file
from corroborate.errors import InputRefused, InvalidValue
from corroborate.importers.by_hand import ROWS, Entry, Problem, Reading
from corroborate.importers.exports import Export
from corroborate.importers.exports_apart import read_export_apart
from corroborate.importers.forms import interviews
from corroborate.tables import File
from corroborate.translation import Sentence
from corroborate_cli.desks import desk_of, looked_into, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, say, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core.desk import Desk, owner
from corroborate_node.core.wording import Words
from corroborate_node.log import actions as log_actions
from corroborate_node.recording import forms, queries, questionnaire
from corroborate_node.recording.reading import passages_of, read_typed
from corroborate_node.records import cases as filing
from corroborate_node.records import entering

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_LARGEST = 4 << 20  # bytes of an entry
_EXAMPLE = """\
# An invented interview. Leave out what was not told; nothing here is guessed.
source:
  kind: witness            # witness, document, broadcast, image, site; or  id: source_…  for one that is here
  title: Interview 12      # a code: the name of a source is seen by whoever sees sources
  language: ko
  met: 2026-11-03          # how it was told stays beside the record, and leaves in no release:
  present: interviewer A; interpreter B
  place: kept apart
consent:                   # what is not said is no
  own: hold; link; count
  coalition: count
  right: self              # self, parent, next of kin, representative
  given_by: the witness
  asked: aloud, in Korean
people:
  - names: 이가상; Ri Ka Sang
    speaks: yes
    sex: 여
    birth: 1961년생
  - names: 농민들
    kind: group
    count: 12
acts:
  - what: 고문              # in your words, or the vocabulary's
    whom: 이가상, 박가상     # whoever stands in no row of people is somebody new
    when: 98년 봄
    where: 회령
    by: 김가상
    unit: 보위부
    basis: saw             # how whoever tells it knows it: saw, heard, document, inferred, unknown
    witnesses: 최가상       # who else saw it or was there; whom it happened to stands under whom
    at: "12:30"
  - what: 공개처형
    whom: 농민들
    basis: heard
    heard_from: a neighbour
held:
  - {who: 이가상, facility: 개천교화소, from: 1987, to: 1992-12, ended: released}
missing:                   # disappeared or abducted, with what the UN's working group on disappearances asks
  - who: 최가상
    what: 납치              # left out: an enforced disappearance
    when: 1978-08
    where: 속초 앞바다       # taken from, or last seen
    last_seen: by her sister, on the quay
    unit: 보위부            # forces that are believed to have done it
    searched: her mother asked the police in 1978 and 1985
    answered: nothing
    taken_in: KR           # where two States are concerned
    held_in: KP
    since: heard of in Pyongyang in 1985
    returned: 2002-10      # and how they came back, under came_back
kin:
  - {of: 이가상, is: 아들, who: 박가상}
posts:                     # who held which post, and what stood over its unit
  - {who: 김가상, title: 소장, unit: 회령 보위부, under: 국가보위부, from: 1996, to: 1999}
proceedings:               # what is before a court or an authority, a row for each step
  - kind: complaint        # judgment, complaint, warrant, sanction, trial
    body: 서울중앙지방법원
    state: KR
    reference: 2026가합00001
    step: filed            # announced, filed, answered, issued, decided, awarded, dismissed, final, …
    when: 2026-03-02
    what: damages for torture
    filed_by: 이가상
    against: 김가상         # a person; police, army or an office stand under unit
    sure: probably_them
    about: cah.torture     # a crime, or an element of one
  - {body: 서울중앙지방법원, reference: 2026가합00001, step: answered, when: 2026-09-10}
"""


@click.command()
@click.argument("file", required=False)
@vault_options
@account_options
@click.option("--example", is_flag=True, help="Print a file with every part, to begin from.")
@click.option("--xlsform", type=_OUT, help="Write the same questions as a form for KoboToolbox and ODK (XLSForm).")
@click.option("--check", is_flag=True, help="Say what would be recorded, and record nothing.")
@click.option("--transcript", type=_FILE, help="Its passages stand with the interview: TXT, SRT, VTT, DOCX, PDF.")
@click.option(
    "--attach", "attached", type=_FILE, multiple=True, help="A recording, notes or scan, kept sealed with it."
)
@click.option("--case", "cases", multiple=True, help="File the source in this open case. May be given again.")
@click.option("--take-back", is_flag=True, help="Take back the entry FILE, entry_…: its claims count no more.")
@click.option("--put-back", is_flag=True, help="Put back what was taken back of the entry FILE: it counts again.")
@click.option(
    "--part", default="", help="With --take-back or --put-back: one act, person or time in detention of it, by its id."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    file: str | None,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    example: bool,
    xlsform: Path | None,
    check: bool,
    transcript: Path | None,
    attached: tuple[Path, ...],
    cases: tuple[str, ...],
    take_back: bool,
    put_back: bool,
    part: str,
    as_json: bool,
) -> None:
    """Record the interview or paper that FILE (YAML or JSON) tells of: who told it and what they allow, who did what to
    whom, who was held where, who was made to disappear, who is whose kin, who held which post, what is before a court.

    It is taken in whole or not at all, sealed, and its claims have the place that FILE gives them. An entry that was
    recorded by mistake is taken back with --take-back, stays to be read and can be put back; a source that takes its
    leave back is withdrawn (`corroborate withdraw`).

    FILE may also be what KoboToolbox or ODK Central exports of the form that --xlsform writes: each submission is an
    interview of its own.

    Example: corroborate interview --example > interview.yaml; corroborate interview interview.yaml --vault our-vault
    """
    if example or xlsform is not None:
        _to_begin_from(xlsform)
        return
    if file is None:
        raise click.UsageError(worded("Give FILE, or --example to see what stands in one."))
    if take_back and put_back:
        raise click.UsageError(worded("Take it back or put it back, not both."))
    if take_back or put_back:
        change = entering.put_back if put_back else entering.take_back
        _change(change, file, part, folder, passphrase_file, account, account_file, as_json=as_json)
        return
    if (export := submissions(Path(file), alone=not (transcript or attached))) is not None:
        _several(export, folder, passphrase_file, account, account_file, cases, check=check, as_json=as_json)
        return
    typed = typed_in(Path(file))
    with (looked_into if check else opened)(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        reading, entry = read_in(typed, desk.at.date())
        _here_already(desk, typed, entry)
        if check:
            _print(_would(reading), _checked(reading), as_json=as_json)
            return
        beside = entering.Beside(
            tuple(map(File.of, (*attached, *([transcript] if transcript else [])))),
            passages_of(File.of(transcript)) if transcript else (),
        )
        done = entering.enter(desk, entry, beside, filing.open_now(desk, cases))
        log_actions.checkpoint(owner(vault, desk.at))
    _print(_as_json(done), _said(done), as_json=as_json)


def _to_begin_from(xlsform: Path | None) -> None:
    """An empty form for telephones, or an example of what FILE holds."""
    if xlsform is None:
        echo(_EXAMPLE, nl=False)
        return
    write_file(xlsform, questionnaire.workbook())
    say("{path}: the questions of an interview, for KoboToolbox and ODK Collect", path=xlsform, err=True)


def _several(
    export: Export,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    cases: Sequence[str],
    *,
    check: bool,
    as_json: bool,
) -> None:
    """Record each submission of a form; none where one of them cannot be. One that was recorded before is passed over,
    so that the same file, or a later one of the same form, doubles nothing and brings back nothing."""
    submitted, changed = interviews.typed_in(export), interviews.edited(export)
    for notice in export.notices:
        say("Note: {note}", note=notice, err=True)
    with (looked_into if check else opened)(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        sources = {entering.source_of(desk, id_): typed for id_, typed in submitted.items()}
        edited = {entering.source_of(desk, id_) for id_ in changed}
        before = entering.submitted_before(desk, sources)
        less = _look_at(desk, {id_: typed for id_, typed in sources.items() if before.get(id_)}, edited)
        ready = _ready(desk, {id_: typed for id_, typed in sources.items() if id_ not in before})
        done = list[entering.Recorded]()
        if not check:
            filed = filing.open_now(desk, cases)
            done = [entering.enter(desk, entry, cases=filed, source=id_) for id_, _, entry in ready]
        if done:
            log_actions.checkpoint(owner(vault, desk.at))
    stand = sum(before.values())
    told: dict[str, Any] = {"recorded": [*map(_as_json, done)]}
    if check:
        told = {"would_record": [_would(reading) for _, reading, _ in ready]}
    told |= {"before": stand, "withdrawn": len(before) - stand, "allows_less": less}
    lines = chain(*(_checked(reading) for _, reading, _ in ready if check), *map(_said, done), _passed_over(before))
    _print(told, lines, as_json=as_json)


def _look_at(desk: Desk, stand: Mapping[str, Mapping[str, Any]], edited: Collection[str]) -> list[str]:
    """Say which submissions that were recorded before say otherwise now; return those that allow less than is relied
    on. What was recorded stays: a person asks, and decides."""
    less = list[str]()
    for id_, typed in stand.items():
        title = str(dict(typed.get("source", {})).get("title", ""))
        entry = read_typed(typed, desk.at.date()).entry
        if entry is None or entering.allows_less(desk, id_, entry.consents):
            less.append(id_)
            say(
                "Note: {title} allows less in this file than is relied on here, and what is relied on was not changed. "
                "Ask whoever told it. Until you know, let nothing of it leave; if it is so: corroborate withdraw {id}",
                title=title,
                id=id_,
                err=True,
            )
        elif id_ in edited:
            say(
                "Note: {title} was edited on the form's server after it was sent. What was recorded of it stays as it "
                "was ({id}): compare the two, and correct what is otherwise.",
                title=title,
                id=id_,
                err=True,
            )
    return less


def _ready(desk: Desk, sources: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Reading, Entry]]:
    """Each submission as an entry. Raises InvalidValue, which names all that cannot be recorded."""
    ready, wrong = list[tuple[str, Reading, Entry]](), list[str]()
    for id_, typed in sources.items():
        title = str(dict(typed.get("source", {})).get("title", ""))
        echo(Sentence("{title}:", title=title), err=True)
        try:
            reading, entry = read_in(typed, desk.at.date())
        except InvalidValue as error:
            wrong.append(f"{title}: {error.worded(language())}")
            continue
        _here_already(desk, typed, entry, of_form=True)
        for other in queries.called(desk, title):
            say(
                "Note: a source called {title} is here already ({id}). If it is the same interview, take it back: "
                "of one witness it makes two.",
                title=title,
                id=other,
                err=True,
            )
        ready.append((id_, reading, entry))
    if wrong:
        raise InvalidValue("nothing of the file was recorded.\n{problems}", problems="\n".join(wrong))
    return ready


def _passed_over(before: Mapping[str, bool]) -> Iterator[str]:
    stand = sum(before.values())
    if stand:
        yield Sentence("Recorded before, and passed over: {number}", number=stand)
    if gone := len(before) - stand:
        yield Sentence("Withdrawn here since, and not recorded again: {number}", number=gone)


def submissions(path: Path, *, alone: bool) -> Export | None:
    """What was typed into our form, as KoboToolbox or ODK Central exports it; None for a file that is none. Raises
    InputRefused for another workbook or archive. ``alone``: no file is to lie beside it."""
    if not path.is_file():
        return None
    with path.open("rb") as content:
        if content.read(4) != b"PK\x03\x04":
            return None
    read = read_export_apart(path)
    if read is None or not interviews.typed_in(read[1]):
        error = InputRefused("{name} holds no answers to our form of an interview", name=path.name)
        error.remedy = Sentence(
            "The form comes from `corroborate interview --xlsform`; export its data as XLSX with XML values and "
            "headers (KoboToolbox) or as a ZIP of CSV (ODK Central)."
        )
        raise error
    if not alone:
        raise click.UsageError(worded("Of several interviews, attach files to each source on its page."))
    return read[1]


def _as_json(done: entering.Recorded) -> dict[str, object]:
    return {
        "entry": done.id,
        "source": done.source,
        "claims": len(done.claims),
        "new": done.entities,
        "size": done.size,
    }


def read_in(typed: Mapping[str, Any], on: date) -> tuple[Reading, Entry]:
    """What a file says, with its notes printed. Raises InvalidValue with every problem, in the terminal's language."""
    people = [
        {name: value for name, value in row.items() if (name, value) != ("known", forms.NEW)}
        if isinstance(row, Mapping)
        else row
        for row in typed.get("people") or []
    ]
    reading = read_typed({**typed, "people": people}, on)
    for note in reading.notes:
        say("Note: {note}", note=_placed(note), err=True)
    if reading.entry is None:
        problems = "\n".join(f"  {_placed(one)}" for one in reading.problems)
        raise InvalidValue("it cannot be recorded yet.\n{problems}", problems=problems)
    return reading, reading.entry


def _placed(one: Problem) -> str:
    """Where something cannot be recorded as it is, and why, as the page of a draft says it."""
    words = Words(language(), "recording")
    row = f" {one.row + 1}" if one.part in ROWS else ""
    where = f"{words[f'part_{one.part}']}{row}" + (f", {called(one.part, one.field)}" if one.field else "")
    return f"{where}: {words[f'p_{one.code}'].format(words=one.words)}"


def called(part: str, field: str) -> str:
    """What a field of a draft is called where somebody reads, with its name in a file."""
    label = Words(language(), "recording").get(f"f_{part}_{field}", "")
    return f"{label} ({field})" if label and label != field else field


def _here_already(desk: Desk, typed: Mapping[str, Any], entry: Entry, *, of_form: bool = False) -> None:
    """Say of names that are new in a file who is here already under them. Whether it is them, a person says."""
    decided = {
        name.strip()
        for row in typed.get("people") or []
        if isinstance(row, Mapping) and row.get("known")
        for name in str(row.get("names", "")).replace("；", ";").split(";")
    }
    new = [one.called for one in entry.subjects if one.kind in ("person", "party") and not one.known]
    asked = [name for name in dict.fromkeys(new) if name and name not in decided]
    for name, found in queries.alike(desk, asked).items():
        if found:
            listed = ", ".join(f"{one.name} {one.id}" + (f" ({one.told})" if one.told else "") for one in found)
            note = (
                Sentence(
                    "Note: {name} may be here already: {listed}. Once it is recorded, judge whether it is one of them "
                    "(corroborate review find, then page Review).",
                    name=name,
                    listed=listed,
                )
                if of_form
                else Sentence(
                    "Note: {name} may be here already: {listed}. Is it one of them, write known: ID beside the names "
                    "under people; is it somebody else, write known: new.",
                    name=name,
                    listed=listed,
                )
            )
            echo(note, err=True)


def typed_in(path: Path) -> dict[str, Any]:
    """Every word as it stands: no word is taken for a number, a date or a no. Raises InputRefused."""
    if not path.is_file():
        raise InputRefused("{path} is not there", path=path)
    if path.stat().st_size > _LARGEST:
        raise InputRefused(
            "{name} is larger than {number} MB: record one source at a time", name=path.name, number=_LARGEST >> 20
        )
    try:
        found = yaml.CBaseLoader(path.read_text(encoding="utf-8-sig")).get_single_data()
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputRefused("{name} is no YAML or JSON in UTF-8: {error}", name=path.name, error=error) from error
    if not isinstance(found, dict):
        raise InputRefused("{name} holds no fields: `corroborate interview --example` shows them", name=path.name)
    known = ("source", "consent", *ROWS)
    if unknown := [str(one) for one in found if one not in known]:
        raise InputRefused(
            "{name} has a part {named!r}; there are {known}", name=path.name, named=unknown[0], known=", ".join(known)
        )
    return found


def _print(told: dict[str, Any], lines: Iterator[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in lines:
        echo(line)


def _would(reading: Reading) -> dict[str, Any]:
    return {
        "would_record": reading.counted,
        "new_people": list(reading.new),
        "notes": [str(one) for one in reading.notes],
    }


def _counted(kind: str, number: int) -> Sentence:
    return {
        "person": Sentence("new people: {number}", number=number),
        "group": Sentence("new groups: {number}", number=number),
        "party": Sentence("new parties, who are not counted: {number}", number=number),
        "known": Sentence("people who are here already: {number}", number=number),
        "act": Sentence("acts that were done: {number}", number=number),
        "denied": Sentence("acts that were not done: {number}", number=number),
        "threat": Sentence("people threatened, of which no act is made: {number}", number=number),
        "detention": Sentence("times in detention: {number}", number=number),
        "post": Sentence("posts that somebody held: {number}", number=number),
        "proceeding": Sentence("steps of proceedings: {number}", number=number),
    }[kind]


def _checked(reading: Reading) -> Iterator[str]:
    yield Sentence("It would record:")
    for kind, number in reading.counted.items():
        yield _counted(kind, number)
    if reading.new:
        yield Sentence("New, by their names in acts alone: {known}", known=", ".join(reading.new))


def _said(done: entering.Recorded) -> Iterator[str]:
    yield Sentence(
        (
            "{source}: {number} claim is recorded and sealed, as {id}.",
            "{source}: {number} claims are recorded and sealed, as {id}.",
        ),
        source=done.source,
        number=len(done.claims),
        id=done.id,
    )
    for key, id_ in done.entities.items():
        if id_.startswith(("person_", "party_", "act_", "proceeding_")):
            yield Sentence("  {key}: {id}", key=key, id=id_)
    yield Sentence("Take it back: corroborate interview {id} --take-back", id=done.id)


def _change(
    change: Callable[[Desk, str, str], entering.TakenBack],
    entry: str,
    part: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Take an entry back, or put it back."""
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, file)
        done = change(desk, entry, part)
        log_actions.checkpoint(owner(vault, desk.at))
    told = {"entry": done.entry, "source": done.source, "claims": list(done.claims)}
    again = change is entering.put_back
    line = (
        Sentence(
            ("{number} claim of {entry} counts again.", "{number} claims of {entry} count again."),
            number=len(done.claims),
            entry=done.entry,
        )
        if again
        else Sentence(
            (
                "{number} claim of {entry} counts no more, and stays to be read. Put it back: --put-back",
                "{number} claims of {entry} count no more, and stay to be read. Put them back: --put-back",
            ),
            number=len(done.claims),
            entry=done.entry,
        )
    )
    _print(told, iter((line,)), as_json=as_json)
