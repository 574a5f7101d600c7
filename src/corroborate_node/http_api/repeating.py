"""A request that is sent again, since its answer was lost on the way, is done once (`Idempotency-Key`).

That a key was used outlives a restart for a day; the answer is kept for ten minutes, in memory alone, since it may
hold what is withdrawn meanwhile. Where it is gone, whoever asks again is told that it was done, and looks.
"""

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.core import journal
from corroborate_node.core.gate import desk_of
from corroborate_node.core.storing import storing
from corroborate_node.http_api.models import RequestDone

HEADER = "Idempotency-Key"
KEPT = timedelta(days=1)  # that a key was used
ANSWERS_FOR = 600.0  # seconds that an answer is kept
MOST = 500  # answers
_KEY = re.compile(r"[!-~]{8,100}")


class DoneBefore(CorroborateError):
    """It was done; only its answer is not kept any more."""

    code, status = "done-before", 409
    remedy = "Do not send it again: look whether it is there, or use another key for another request."


class UnderWay(CorroborateError):
    """It was begun under this key and is not done yet, or the program ended in between."""

    code, status, seconds = "under-way", 409, 2
    remedy = "Wait and send it again. If it stays so, look whether it was done: the program may have ended in between."


class KeyUsed(CorroborateError):
    """The same key came with another request."""

    code, status = "key-used", 422
    remedy = "Use a key of its own for each request, and the same one only to send it again."


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Any
    until: float


class Answers:
    """Answers by key, the newest, for a short while."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._kept = clock, OrderedDict[str, _Kept]()

    def keep(self, key: str, answer: Any) -> None:
        self._kept[key] = _Kept(answer, self._clock() + ANSWERS_FOR)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def get(self, key: str) -> _Kept | None:
        now = self._clock()
        for old in [one for one, kept in self._kept.items() if kept.until <= now]:
            del self._kept[old]
        return self._kept.get(key)


ANSWERS = Answers()


def once(request: HttpRequest, token: int, do: Callable[[], Any]) -> Any:
    """What ``do`` gives, done once for each key of a token. Raises DoneBefore, UnderWay, KeyUsed, InvalidValue."""
    said = request.headers.get(HEADER, "")
    if not said or request.method in ("GET", "HEAD"):
        return do()
    if _KEY.fullmatch(said) is None:
        raise InvalidValue("an Idempotency-Key has 8 to 100 letters, digits or signs of ASCII, and no space")
    desk = desk_of(request)
    key = journal.digest(desk.vault, f"idempotency\n{token}\n{said}")
    asked = journal.digest(desk.vault, f"{request.method}\n{request.path}\n{_sent(request)}")
    with storing():
        RequestDone.objects.filter(at__lt=desk.at - KEPT).delete()
        row, new = RequestDone.objects.get_or_create(key=key, defaults={"asked": asked, "at": desk.at})
    if not new:
        return _again(row, asked)
    try:
        answer = do()
    except CorroborateError:  # refused: nothing was done, and another try may go through
        RequestDone.objects.filter(key=key).delete()
        raise
    with storing():
        RequestDone.objects.filter(key=key).update(done=True)
    if not isinstance(answer, HttpResponse):
        ANSWERS.keep(key, answer)
    return answer


def _again(row: RequestDone, asked: str) -> Any:
    if row.asked != asked:
        raise KeyUsed("this Idempotency-Key came before, with another request")
    if not row.done:
        raise UnderWay("this request was begun and is not known to be done")
    kept = ANSWERS.get(row.key)
    if kept is None:
        raise DoneBefore("this request was done before, and its answer is not kept any more")
    return kept.answer


def _sent(request: HttpRequest) -> str:
    """What tells two requests apart: the body, or of a form its fields and files."""
    if request.content_type == "multipart/form-data":
        files = [_file(name, one) for name, each in sorted(request.FILES.lists()) for one in each]
        return "\n".join([*(f"{name}={value}" for name, value in sorted(request.POST.items())), *files])
    return request.body.decode("utf-8", "replace")


def _file(field: str, one: Any) -> str:
    digest = hashlib.sha256()
    for part in one.chunks():
        digest.update(part)
    one.seek(0)
    return f"{field}\n{one.name}\n{digest.hexdigest()}"
