"""Requests as a program would send them, for the document. Everybody in them is invented; a test holds each to its
schema."""

from collections.abc import Mapping
from typing import Any

_WITNESS = {"kind": "witness", "title": "Interview 12", "language": "ko", "met": "2026-11-03"}
_ENTRY = {
    "source": _WITNESS,
    "consent": {"own": "hold; link; count", "right": "self", "given_by": "the witness"},
    "people": [{"names": "이가상; Ri Ka Sang", "speaks": "yes", "birth": "1961년생"}],
    "acts": [{"what": "고문", "whom": "이가상", "when": "98년 봄", "where": "회령", "basis": "saw"}],
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {  # address -> what is sent
    "/search": {"q": "Ri Ka Sang", "in": "people", "most": 20},
    "/journal": {"by": "mina", "page": 1},
    "/screenings": {"text": "Yesterday Ri Ka Sang was seen in Hoeryong."},
    "/confirmation": {"passphrase": "the words of this account"},
    "/claims/{claim}/correction": {"to": "1997-03", "because": "the page says March"},
    "/uploads/{id_}/choices": {"choices": {"title": "List of 2026"}},
    "/releases/preview": {"audience": "public", "names": False},
    "/releases": {"audience": "named body", "body": "Commission of inquiry", "until": "2027-06-30"},
    "/releases/{number}/files": {"form": "package", "to": "Commission of inquiry"},
    "/requests/stance": {"on": "statement", "subject": "open-the-camps"},
    "/requests/signatory": {"name": "S. Kim", "role": "director"},
    "/words/changes": {"words": "불망산에 묻음"},
    "/acts/record.enter": {"entry": _ENTRY, "cases": ["Camp 15"]},
    "/acts/draft.begin": {"kind": "witness"},
    "/acts/draft.keep": {"draft": "draft_01a2", "typed": _ENTRY, "version": 1},
    "/acts/draft.record": {"draft": "draft_01a2"},
    "/acts/passage.code": {
        "source": "source_01a2",
        "number": 3,
        "words": "beat him",
        "property": "violation",
        "value": "torture",
        "about": "person_01a2",
        "basis": "heard",
    },
    "/acts/word.code": {"words": "불망산에 묻음", "acts": [{"term": "life.death_in_custody"}]},
    "/acts/source.withdraw": {"source": "source_01a2", "on": "2026-11-28"},
    "/acts/case.open": {"name": "Camp 15"},
    "/acts/pair.load": {
        "pairs": [{"left": "person_01a2", "right": "person_01a3", "probability": 0.82}],
        "origin": "our script, 2026-11",
    },
    "/acts/held.judge": {"pair": 3, "verdict": "same", "why": "one birth, one camp"},
    "/acts/pair.judge": {"pair": 7, "verdict": "same", "why": "one birth, one place"},
    "/acts/estimate.make": {"title": "Two lists", "lists": ["source_01a2", "source_01a3"], "seed": 7},
    "/acts/member.admit": {
        "details": {"name": "새봄인권기록회", "kind": "organisation", "country": "KR"},
        "role": "member",
        "joined": "2011-12",
    },
    "/acts/member.keep": {"member": "새봄인권기록회", "event": {"what": "leave", "on": "2099-11-30"}},
    "/acts/statement.carry": {
        "name": "open-the-camps",
        "event": {"what": "open", "deadline": "2026-12-10T12:00:00Z", "grouping": "country"},
    },
    "/acts/statement.comment": {"name": "open-the-camps", "comment": "Say which camps."},
    "/acts/decision.propose": {
        "id": "next-year",
        "title": "Meet in Geneva?",
        "text": "We meet in March.",
        "rule": "consensus",
        "closes": "2026-12-10T12:00:00Z",
    },
    "/acts/decision.hear": {"id": "next-year", "member": "Mina-Holm", "position": "object", "reason": "too far"},
    "/acts/demand.judge": {
        "demand": "demand.access_monitors",
        "criterion": "monitors",
        "status": "partly_met",
        "by": "the secretariat",
        "on": "2026-11",
        "events": [{"on": "2026-11-02", "what": "Two monitors were let in", "source": "https://example.org/a"}],
    },
    "/acts/action.enter": {
        "kind": "hearing",
        "title": "A hearing of families",
        "members": ["새봄인권기록회"],
        "begins": "2026-11-02",
        "country": "KR",
    },
    "/acts/votes.take": {
        "votes": [
            {
                "state": "KR",
                "body": "HRC",
                "resolution": "A/HRC/RES/22/13",
                "on": "2013-03-21",
                "vote": "yes",
                "source": "A/HRC/22/2",
            }
        ]
    },
    "/acts/contact.keep": {"state": "FR", "name": "A. Person", "role": "adviser", "keep": True},
}
