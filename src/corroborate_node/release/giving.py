"""What is written of a release: dossier, site, package, release.json, and what other rooms make of one.

A release is written as it was decided and confirmed, or not at all: what may no longer go, by consent as it stands
today, asks for a new release.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal, cast

from corroborate.custody import Verifier, write_file
from corroborate.disclosure import FILE, Decided, EstimateShown, Order, Records, Release, release, signed_json, unsigned
from corroborate.disclosure import Results as Nothing
from corroborate.dossier import dossier_as
from corroborate.errors import InputRefused, InvalidValue, NotAllowed, NotVerified
from corroborate.exchange.passing import Parts
from corroborate.exchange.records import handed_on, write_records
from corroborate.importers.exports import Export
from corroborate.importers.handing import export_of
from corroborate.importers.programs import beside_name, write_beside, write_export
from corroborate.records import Audience
from corroborate.records.consent import leaving_day
from corroborate.registers.acts import act_files
from corroborate.site import MANIFEST, SiteOptions, publish
from corroborate.submissions import tracked_in
from corroborate.translation import Sentence
from corroborate.values import Digest
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.log import actions as log_actions
from corroborate_node.log import queries as log
from corroborate_node.records import queries
from corroborate_node.release import models
from corroborate_node.release.making import about, gathered, items_digest, seen
from corroborate_node.release.packing import Packed, Packing, pack, packed_bytes, packed_parts
from corroborate_node.release.pseudonyms import names_for
from corroborate_node.release.supplying import supplied

PROGRAMS = ("ftm", "uwazi", "bayanat")  # other programs, in whose shape a release is written
FORMS = (
    "json",
    "dossier",
    "site",
    "package",
    "bundle",
    "submission",
    "encoding",
    "answer",
    "numbers",
    "estimate",
    "registers",
    "grant",  # looked at by the person of a grant, on pages of this vault
    *PROGRAMS,
)
RECORDS = "records.jsonl"  # in a bundle
_AGAIN = "Make a new release: corroborate release make"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: where, for a site how many files changed, and for another program the files beside it and what
    it cannot hold."""

    out: Path
    changed: int = 0
    beside: tuple[Path, ...] = ()
    lost: tuple[str, ...] = ()


def of_hub(desk: Desk, title: str, on: date) -> Release:
    """What a hub says of itself to everybody: its members and published statements, and nobody's record."""
    return release(Order(title, desk.vault.name, "public", on), Records(), supplied(desk))


def current_release(desk: Desk, number: int) -> Release:
    """A release that may be written today, with what was decided of each record. Raises NotAllowed, NotVerified."""
    row = seen(desk, number)
    today = leaving_day(None, desk.at, log.last_entry_at())
    if row.content is None:
        raise _refused("a source of release {number} was withdrawn since it was made", number=number)
    if row.needs_second and row.confirmed is None:
        error = NotAllowed(
            "release {number} tells names, or what was done to a body: nobody has confirmed it yet", number=number
        )
        error.remedy = Sentence(
            "Let a second person confirm it: corroborate release confirm {number} --as ACCOUNT", number=number
        )
        raise error
    if row.until is not None and row.until < today:
        raise _refused("release {number} was for use until {until}", number=number, until=row.until.isoformat())
    content = bytes(row.content)
    made = replace(Release.from_json(content), items=tuple(_item(one) for one in row.records.order_by("id")))
    if Digest.of(content).hex != row.digest or items_digest(made.items) != row.items_digest:
        raise NotVerified("release {number} is not what was sealed: run `corroborate doctor`", number=number)
    if _corrected(row, made):
        raise _refused("a record of release {number} was corrected since it was made", number=number)
    if gone := _no_longer(desk, row, made):
        raise _refused(
            (
                "{gone} record of release {number} may no longer go: a consent or decision to name is over",
                "{gone} records of release {number} may no longer go: a consent or decision to name is over",
            ),
            gone=gone,
            number=number,
        )
    return made


def _refused(why: str | tuple[str, str], **values: object) -> NotAllowed:
    error = NotAllowed(why, **values)
    error.remedy = _AGAIN
    return error


def _item(row: models.ReleasedRecord) -> Decided:
    return Decided(row.record, row.kind, row.use, row.consent, row.until, row.why, row.of_body, row.person)


def _corrected(row: models.Release, made: Release) -> bool:
    """Whether a claim that goes, or that a number of it may count, was corrected since."""
    counts = any(one["use"] == "count" for one in row.told["goes"])
    return bool(queries.superseded_among({one.record for one in made.items if one.goes or counts}))


def _no_longer(desk: Desk, row: models.Release, made: Release) -> int:
    """How many records that were to go may go no longer. Those that other members let us have, as long as they said."""
    today = desk.at.date()
    goes = {(one.record, one.use) for one in made.items if one.goes}
    if not goes:
        return 0
    named = frozenset(one.record for one in made.items if one.kind == FILE)
    records = gathered(named)
    here = {one.id for one in records.claims}
    known = here | records.sources.keys() | named  # a file that is erased is one that may go no longer
    others = {one.record for one in made.items if one.record not in known}
    order = Order(
        made.title,
        made.coalition,
        cast(Audience, row.audience),
        max(row.on, today),
        row.body,
        today=today,
        claims=frozenset(one.record for one in made.items if one.record in here),
        linking=cast(Literal["", "held", "fields"], row.linking),
        words=frozenset(row.told.get("words_named", ())),  # an earlier version named none: they are decided anew
        files=named,
    )
    still = {(one.record, one.use) for one in release(order, records, Nothing()).items if one.goes}
    ended = {one.record for one in made.items if one.record in others and one.until and one.until < today}
    return sum(one not in still for one in goes if one[0] not in others) + len(ended)


def record(desk: Desk, number: int, form: str, digest: str, to: str = "") -> None:
    """Keep that a release was given, in which form, with which bytes."""
    if form not in FORMS:
        raise InvalidValue("a release is written as {listed}, not as {form!r}", listed=", ".join(FORMS), form=form)
    with storing():
        models.Given.objects.create(release_id=number, form=form, to=to, digest=digest, by=desk.by, at=desk.at)


def given_under(digest: str) -> int | None:
    """The release under which a file of these bytes left this vault, if it did."""
    return models.Given.objects.filter(digest=digest).values_list("release_id", flat=True).first()


def given_for(digests: Iterable[str]) -> set[str]:
    """For whom the releases were made under which files of these bytes left this vault."""
    return set(models.Given.objects.filter(digest__in=list(digests)).values_list("release__body", flat=True))


def _about(number: int, *_: object, **__: object) -> Iterable[str]:
    return about(number)


@act(
    "release.write",
    "release.give",
    ways=("command release", "command dossier", "command file"),
    objects=_about,
    kind="export",
    whole=False,
)
def write(desk: Desk, number: int, form: str, out: Path, *, to: str = "", language: str = "en") -> Written:
    """Write a release to a file: as ``json``, as ``dossier`` (in a language of ours; PDF, HTML or DOCX, as the name
    ends), or in the shape of another program; as ``registers`` to a new folder."""
    made = current_release(desk, number)
    if form == "registers":
        return _registers(desk, made, number, out, to)
    if form in PROGRAMS:
        return _for_program(desk, made, number, form, out, to)
    content = bytes_of(desk, made, form, language, out.suffix)
    write_file(out, content)
    record(desk, number, form, Digest.of(content).hex, to)
    return Written(out)


@act("release.file", "release.give", ways=("command file",), objects=_about, kind="export", whole=False)
def submit(desk: Desk, number: int, filed: Callable[[Release], Path], to: str) -> Path:
    """Write a submission of a release: ``filed`` makes its folder, or raises; the text is kept by its digest."""
    made = current_release(desk, number)
    folder = filed(made)
    record(desk, number, "submission", tracked_in(folder).digest, to)
    return folder


@act(
    "release.hand-over", "release.give", ways=("api /releases/{number}/files",), objects=_about, kind="export",
    whole=False,
)  # fmt: skip
def handed_over(desk: Desk, number: int, form: str, to: str = "", language: str = "en", mark: str = "") -> bytes:
    """A release as the bytes of one file, a package as a ZIP; that it was given is kept by its digest. ``mark``: who
    takes it along under which grant, and when; it stands on every page, and in what a package says of itself."""
    made = current_release(desk, number)
    if form == "package":
        _to_be_packed(made, number)
        log_actions.checkpoint(desk.system("packages"))  # proofs reach what was sealed since the last one
    content = (
        packed_bytes(desk, made, number, mark) if form == "package" else bytes_of(desk, made, form, language, mark=mark)
    )
    record(desk, number, form, Digest.of(content).hex, to)
    return content


def going(vault: Vault, made: Release) -> Export:
    """The claims of a release that go, and the sources whose titles do, as other programs take records in."""
    if made.linking:
        raise NotAllowed("a release that was made for private linkage is written for nothing else: make another")
    goes = {one.record for one in made.items if one.goes}
    sources = {key: one for key, one in queries.sources().items() if key in goes}
    claims, names = (one for one in queries.claims() if one.id in goes), names_for(vault, made)
    return export_of(claims, sources) if names is None else export_of(names.claims(claims), names.sources(sources))


def _for_program(desk: Desk, made: Release, number: int, form: str, out: Path, to: str) -> Written:
    """Write what goes for another program, and the files that it takes in beside; each is kept by its digest."""
    export = going(desk.vault, made)
    text, lost = write_export(export, form)
    files = {out: text} | {beside_name(out, ending): more for ending, more in write_beside(export, form).items()}
    for path, words in files.items():
        write_file(path, words.encode())
        record(desk, number, form, Digest.of(words.encode()).hex, to)
    return Written(out, beside=tuple(list(files)[1:]), lost=(*export.notices, *lost))


def _registers(desk: Desk, made: Release, number: int, out: Path, to: str) -> Written:
    """Write registers of what goes, a CSV each, to a new folder; all are kept by one digest."""
    written = _registers_of(desk, made, out)
    for name, content in written.items():
        write_file(out / name, content)
    record(desk, number, "registers", digest_of(out), to)
    return Written(out, len(written), tuple(out / name for name in written))


def _registers_of(desk: Desk, made: Release, out: Path) -> dict[str, bytes]:
    """The files of registers. Raises InputRefused where none can be filled, or the folder is there already."""
    if out.exists():
        raise InputRefused("{out} is there already; registers are never written over others", out=out)
    if not out.absolute().parent.is_dir():
        raise InputRefused("{out} cannot be written: choose a folder in one that is there", out=out)
    if found := act_files(made, queries.claims(), queries.sources(), names_for(desk.vault, made)):
        return found
    raise InputRefused("nothing of this release stands in a register: it names nobody, and quotes no act")


def ready(
    desk: Desk,
    number: int,
    *,
    files: Mapping[str, Path | None],
    site: Path | None = None,
    package: Path | None = None,
    registers: Path | None = None,
) -> None:
    """Raises what would refuse one of several forms, before any of them is written. ``files``: form and where to."""
    made = current_release(desk, number)
    for form, out in files.items():
        if out is not None:
            if out.is_dir() or not out.absolute().parent.is_dir():
                raise InputRefused("{out} cannot be written: choose a file in a folder that is there", out=out)
            bytes_of(desk, made, form, ending=out.suffix)
    if registers is not None:
        _registers_of(desk, made, registers)
    if site is not None:
        _for_everybody(made)
        if site.exists() and not (site / MANIFEST).exists() and (not site.is_dir() or any(site.iterdir())):
            raise InputRefused("{site} holds something that is no site of ours: choose another folder", site=site)
    if package is not None:
        _to_be_packed(made, number)
        if package.exists():
            raise InputRefused("{package} is there already; a package is never written over another", package=package)


def _for_everybody(made: Release) -> None:
    if made.audience != "public":
        raise NotAllowed("this release is for {body}, not for the public", body=made.body or made.audience)


def _to_be_packed(made: Release, number: int) -> None:
    if made.linking:
        raise NotAllowed("release {number} was made for private linkage: make another for a package", number=number)


def bytes_of(desk: Desk, made: Release, form: str, language: str = "en", ending: str = ".pdf", mark: str = "") -> bytes:
    """A release as one file; a release.json is signed by the vault. ``ending``: of a dossier, .pdf, .html or .docx."""
    makers: dict[str, Callable[[Release], bytes]] = {
        "json": lambda one: signed_json(one.to_json(), desk.vault.signer),
        "dossier": partial(dossier_as, ending, language=language, key=desk.vault.signer.verifier(), mark=mark),
        **{one: partial(_program_bytes, desk.vault, one) for one in PROGRAMS},
    }
    if form not in makers:
        raise InvalidValue("a release is one file as {listed}, not as {form!r}", listed=" or ".join(makers), form=form)
    return makers[form](made)


def _program_bytes(vault: Vault, form: str, made: Release) -> bytes:
    return write_export(going(vault, made), form)[0].encode()


@act(
    "release.publish",
    "release.give",
    ways=("command publish", "command release"),
    objects=_about,
    kind="export",
    whole=False,
)
def site(desk: Desk, number: int, out: Path, options: SiteOptions | None = None) -> Written:
    """Write a release for the public as a site."""
    made = current_release(desk, number)
    _for_everybody(made)
    changed = publish(made, out, options)
    record(desk, number, "site", digest_of(out))
    return Written(out, changed=changed)


@act(
    "release.pack", "release.give", ways=("command pack", "command release"), objects=_about, kind="export", whole=False
)
def package(desk: Desk, number: int, out: Path, how: Packing | None = None, *, to: str = "") -> Packed:
    """Write a release as an evidence package: what goes with its proof, what stays as a seal."""
    made = current_release(desk, number)
    _to_be_packed(made, number)
    packed = pack(desk, made, number, out, how or Packing())
    record(desk, number, "package", digest_of(out), to)
    return packed


def files(desk: Desk, number: int, forms: Sequence[str], to: Sequence[str]) -> dict[str, Parts]:
    """A release as files for some members of the coalition, a package in parts. Raises NotAllowed where it is for
    others."""
    made = current_release(desk, number)
    if made.linking:
        raise NotAllowed("release {number} was made for private linkage: make another to be sent", number=number)
    named = made.audience in ("coalition", "named body") and made.body
    if made.audience == "own" or (named and set(to) != {made.body}):
        raise NotAllowed(
            "release {number} is for {body}, not for {listed}",
            number=number,
            body=made.body or made.audience,
            listed=", ".join(sorted(set(to))),
        )
    found: dict[str, Parts] = {}
    for form in forms:
        if form == "package":
            found["package.zip"] = packed_parts(desk, made, number)
        elif form == "records":
            found[RECORDS] = _records(desk, made, number)
        else:
            found["release.json" if form == "json" else "dossier.pdf"] = bytes_of(desk, made, form)
    return found


def _records(desk: Desk, made: Release, number: int) -> bytes:
    """The records that a release lets go, with the terms under which its receiver holds them. Raises NotAllowed."""
    sender = desk.vault.signer.name
    handed = handed_on(made, sender, number, queries.claims(), queries.sources(), queries.consents())
    if not handed.claims:
        raise NotAllowed("no record goes with release {number}: it shows numbers alone", number=number)
    return write_records(handed)


def showing(desk: Desk, estimate: EstimateShown) -> int | None:
    """The newest release that shows an estimate and may be written today; None where no release does."""
    for row in models.Release.objects.exclude(content=None).order_by("-number"):
        if row.content is None or Release.from_json(bytes(row.content)).estimate != estimate:
            continue
        try:
            current_release(desk, row.number)
        except NotAllowed:  # it waits for its second person, or is over: an earlier one may stand
            continue
        return int(row.number)
    return None


def digest_of(place: Path) -> str:
    """SHA-256 of a file; of a folder, over the lines that ``sha256sum`` prints of its files in the order of paths."""
    if place.is_file():
        return Digest.of(place.read_bytes()).hex
    lines = [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(place).as_posix()}\n"
        for one in sorted(place.rglob("*"))
        if one.is_file()
    ]
    return Digest.of("".join(lines).encode()).hex


def check_file(content: bytes) -> models.Release:
    """The release of this vault that a ``release.json`` is. Raises NotVerified for one that was changed, or another's.

    Only what the vault made has an id that it knows, and only unchanged bytes have the digest that was sealed.
    """
    made = Release.from_json(content)
    row = models.Release.objects.filter(id=made.id).first() if made.id else None
    if row is None:
        raise NotVerified("this vault made no such release")
    if Digest.of(unsigned(content)).hex != row.digest:
        raise NotVerified("this is not release {number} as it was made: the file was changed", number=row.number)
    return row


def check_signer(vault: Vault, key: Verifier, compared: Sequence[Verifier] = ()) -> None:
    """Raises NotVerified for a key that is neither this node's, nor a member's, nor one that a person ``compared``.

    Anybody can make a key and call it as they like: a fingerprint that is only printed stops nobody.
    """
    known = {**log.members(), vault.signer.name: vault.signer.verifier()}.get(key.name)
    if known is not None and known.public != key.public:
        error = NotVerified("this release.json is not signed with the key that {name} has here", name=key.name)
        error.remedy = Sentence(
            "Ask {name} by voice whether it changed its key, and to write the release again.", name=key.name
        )
        raise error
    if known is None and key.public not in {one.public for one in compared}:
        error = NotVerified("nobody here knows the key with which {name} signed this release.json", name=key.name)
        error.remedy = Sentence(
            "Compare its fingerprint {fingerprint} by voice or in person with whom it calls itself; then take their "
            "enrolment in (corroborate log admit), or give the key: --key KEY, or the file of their card.",
            fingerprint=key.fingerprint,
        )
        raise error


def number_of(desk: Desk, said: str) -> int:
    """The number of a release that is named by it, or by a ``release.json`` of this vault."""
    if said.isdecimal():
        return seen(desk, int(said)).number
    path = Path(said)
    if not path.is_file():
        raise InputRefused("{said} is neither the number of a release nor a file", said=said)
    return seen(desk, check_file(path.read_bytes()).number).number


__all__ = [
    "FORMS",
    "Packing",
    "Written",
    "bytes_of",
    "check_file",
    "check_signer",
    "current_release",
    "digest_of",
    "number_of",
    "of_hub",
    "package",
    "ready",
    "record",
    "showing",
    "site",
    "write",
]
