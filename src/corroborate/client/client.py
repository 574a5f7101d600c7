"""The client: one method an address; lists are read page by page."""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPMessage, HTTPResponse
from pathlib import Path
from typing import IO, Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from corroborate.client.shapes import (
    About,
    Answers,
    CaseSaid,
    Corrected,
    EstimateSaid,
    ImportSaid,
    JournalLine,
    Named,
    PairSaid,
    Record,
    ReleasePreview,
    ReleaseSaid,
    SourceSaid,
    StatementSaid,
    UploadSaid,
)
from corroborate.errors import CorroborateError, InvalidValue

LOOPBACK = ("localhost", "127.0.0.1", "::1")
TIMEOUT = 60.0  # seconds for one answer
_BASE = "/api/1"
Given = Mapping[str, object]


class Refused(CorroborateError):
    """The vault refused. ``status``: HTTP's; ``code``: which error, stable; ``retry``: seconds until it may be asked
    again, where it said so."""

    def __init__(self, problem: Mapping[str, Any], status: int, retry: int = 0) -> None:
        detail = str(problem.get("detail") or problem.get("title") or status)
        super().__init__("the vault refused: {detail}", detail=detail)
        self.status, self.retry = status, retry
        self.code = str(problem.get("code", ""))
        self.remedy = str(problem.get("remedy", ""))


class Unreachable(CorroborateError):
    remedy = "Start it with `corroborate serve`, and give the address that it prints."


class _NoRedirect(HTTPRedirectHandler):
    """A token goes to the address that was given, and to no other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class _Asked(Request):
    """A request to the address of a vault, whose scheme was looked at before."""


class Client:
    """``address``: as `corroborate serve` prints it. ``token``: made on the page *Programs that act for you*."""

    def __init__(self, address: str, token: str, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(address)
        local = parts.hostname in LOOPBACK
        if parts.scheme not in ("http", "https") or not parts.hostname or (parts.scheme == "http" and not local):
            raise InvalidValue(
                "{address!r} is no address of a vault: https://NAME, or http://localhost:PORT", address=address
            )
        self._base = f"{parts.scheme}://{parts.netloc}{_BASE}"
        self._token, self._timeout = token, timeout
        proxies = [ProxyHandler({})] if local else []  # what is on this machine is asked without leaving it
        self._opener: OpenerDirector = build_opener(_NoRedirect, *proxies)

    def __repr__(self) -> str:
        return f"Client({self._base!r})"  # never the token

    # Who asks

    def about(self) -> About:
        """Which node this is, and what the token may do here."""
        return cast(About, self._asked("GET", "/about"))

    def confirm(self, passphrase: str) -> None:
        """Give the account's passphrase again; for ten minutes the token may do what asks it."""
        self._asked("POST", "/confirmation", {"passphrase": passphrase})

    # Records

    def search(self, words: str, kind: str = "", most: int = 20, **narrowed: str) -> dict[str, Answers]:
        """Answers by kind (people, acts, places, sources, passages). ``narrowed``: as the options of the command."""
        asked = {"q": words, "in": kind, "most": most, **{key.rstrip("_"): value for key, value in narrowed.items()}}
        return cast(dict[str, Answers], self._asked("POST", "/search", {k: v for k, v in asked.items() if v}))

    def people(self) -> Iterator[Named]:
        """Everybody whom the token may see, by name; then those without a name. Those of a name: :meth:`search`."""
        return cast(Iterator[Named], self._each("/persons", {}))

    def sources(self) -> Iterator[SourceSaid]:
        return cast(Iterator[SourceSaid], self._each("/sources", {}))

    def record(self, id_: str) -> Record:
        """A person, an act or a source with its claims."""
        return cast(Record, self._asked("GET", f"/records/{quote(id_, safe='')}"))

    def correct(self, claim: str, to: str, because: str) -> Corrected:
        """Put a claim right that was recorded wrongly; the old one stays to be read."""
        return cast(
            Corrected,
            self._asked("POST", f"/claims/{quote(claim, safe='')}/correction", {"to": to, "because": because}),
        )

    # Lists that come in

    def give(self, file: Path, case: str = "") -> UploadSaid:
        """Give a list, an export or a document. Nothing of it is taken in yet."""
        body, kind = _multipart({"case": case}, file.name, file.read_bytes())
        return cast(UploadSaid, self._sent("POST", "/uploads", body, kind))

    def upload(self, id_: str) -> UploadSaid:
        return cast(UploadSaid, self._asked("GET", f"/uploads/{quote(id_, safe='')}"))

    def choose(self, id_: str, **choices: object) -> UploadSaid:
        """Change what a list is taken for: title, columns, dates, …, as ``choices`` of the upload names them."""
        return cast(UploadSaid, self._asked("POST", f"/uploads/{quote(id_, safe='')}/choices", {"choices": choices}))

    def check(self, id_: str) -> UploadSaid:
        """Have every row read; what was found, when it was."""
        return self._worked(id_, "check")

    def take_in(self, id_: str) -> UploadSaid:
        """Have a checked list taken in; its report, when it was."""
        return self._worked(id_, "take-in")

    def import_list(self, file: Path, title: str = "", case: str = "") -> UploadSaid:
        """Give, check and take in, as the program guesses. Raises Refused where the check finds that a person has to
        decide; look at ``found`` of the upload then."""
        one = self.give(file, case)
        if title:
            one = self.choose(one["id"], title=title)
        checked = self.check(one["id"])
        return self.take_in(checked["id"])

    def imports(self) -> Iterator[ImportSaid]:
        return cast(Iterator[ImportSaid], self._each("/imports", {}))

    # Cases, pairs, estimates, the journal

    def cases(self) -> Iterator[CaseSaid]:
        return cast(Iterator[CaseSaid], self._each("/cases", {}))

    def pairs(self, second: bool = False) -> Iterator[PairSaid]:
        """Pairs that wait for a judgement: ``act("pair.judge", pair=…, verdict="same", why=…)``."""
        return cast(Iterator[PairSaid], self._each("/pairs", {"second": "true" if second else "false"}))

    def estimates(self) -> Iterator[EstimateSaid]:
        return cast(Iterator[EstimateSaid], self._each("/estimates", {}))

    def estimate(self, id_: str) -> EstimateSaid:
        return cast(EstimateSaid, self._asked("GET", f"/estimates/{quote(id_, safe='')}"))

    def journal(self, about: str = "", by: str = "", asked: str = "") -> Iterator[JournalLine]:
        return cast(Iterator[JournalLine], self._each("/journal", {"about": about, "by": by, "asked": asked}))

    # What leaves

    def preview(self, audience: str, **asked: object) -> ReleasePreview:
        """What a release would hold, and what would stay and why. Nothing is made."""
        return cast(ReleasePreview, self._asked("POST", "/releases/preview", {"audience": audience, **asked}))

    def make_release(self, audience: str, **asked: object) -> ReleaseSaid:
        return cast(ReleaseSaid, self._asked("POST", "/releases", {"audience": audience, **asked}))

    def releases(self) -> Iterator[ReleaseSaid]:
        return cast(Iterator[ReleaseSaid], self._each("/releases", {}))

    def release(self, number: int) -> ReleaseSaid:
        return cast(ReleaseSaid, self._asked("GET", f"/releases/{number}"))

    def release_file(self, number: int, form: str, to: str = "") -> bytes:
        """A release as a file: json, dossier, package, ftm, uwazi or bayanat. It is kept that it was given."""
        return self._raw("POST", f"/releases/{number}/files", *_json({"form": form, "to": to}))

    def statements(self) -> Iterator[StatementSaid]:
        return cast(Iterator[StatementSaid], self._each("/statements", {}))

    # Everything else

    def act(self, name: str, /, **given: object) -> object:
        """Do an act by its name in *who may do what*, such as ``case.open``; what it gave back."""
        return self._asked("POST", f"/acts/{quote(name, safe='')}", given)["result"]

    def _worked(self, id_: str, what: str, pause: Callable[[float], None] = time.sleep) -> UploadSaid:
        one = cast(UploadSaid, self._asked("POST", f"/uploads/{quote(id_, safe='')}/{what}", {}))
        while one["state"] in ("waiting", "running"):
            pause(0.2)
            one = self.upload(id_)
        if one["state"] in ("failed", "interrupted", "cancelled"):
            why = str((one["report"] or {}).get("wrong", "")) or f"it ended as {one['state']}"
            raise Refused({"detail": f"{one['name']}: {why}", "code": "upload-failed"}, 409)
        return one

    def _each(self, path: str, asked: Mapping[str, str]) -> Iterator[Any]:
        page = 1
        while True:
            found = self._asked("GET", f"{path}?{urlencode({**asked, 'page': page})}")
            yield from found["items"]
            if not found["more"]:
                return
            page += 1

    def _asked(self, method: str, path: str, given: Given | None = None) -> Any:
        return self._sent(method, path, *(_json(given) if given is not None else (None, "")))

    def _sent(self, method: str, path: str, body: bytes | None, kind: str) -> Any:
        content = self._raw(method, path, body, kind)
        return json.loads(content) if content else None

    def _raw(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> bytes:
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if kind:
            headers["Content-Type"] = kind
        request = _Asked(f"{self._base}{path}", data=body, headers=headers, method=method)
        try:
            with cast(HTTPResponse, self._opener.open(request, timeout=self._timeout)) as answer:
                return answer.read()
        except HTTPError as error:
            with error:
                raise _refused(error) from None
        except (URLError, TimeoutError, ConnectionError) as error:
            raise Unreachable(
                "nothing answers at {address}: {why}", address=self._base, why=str(getattr(error, "reason", error))
            ) from error


def _refused(error: HTTPError) -> Refused:
    said = error.headers.get("Retry-After", "")
    try:
        problem = json.loads(error.read())
    except ValueError:
        problem = {}
    return Refused(problem if isinstance(problem, dict) else {}, error.code, int(said) if said.isdigit() else 0)


def _json(given: Given) -> tuple[bytes, str]:
    return json.dumps(given, ensure_ascii=False).encode(), "application/json"


def _multipart(fields: Mapping[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    """A form with one file (RFC 7578). The boundary is random: a file cannot hold it."""
    mark = secrets.token_hex(24)
    quoted = name.replace("\\", "_").replace('"', "%22").replace("\r", " ").replace("\n", " ")
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    body = "".join([*parts, head, kind]).encode() + content + f"\r\n--{mark}--\r\n".encode()
    return body, f"multipart/form-data; boundary={mark}"
