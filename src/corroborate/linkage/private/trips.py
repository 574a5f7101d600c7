"""Each trip of a file as one function: what one node has in, and the bytes it sends on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from corroborate.custody import Signer
from corroborate.errors import NotVerified
from corroborate.linkage.private.agreement import Agreed, Agreement, Schema, as_unit, read_agreement
from corroborate.linkage.private.consenting import Shown
from corroborate.linkage.private.encoding import KEY, Encoded
from corroborate.linkage.private.files import Sent, binary, column, read_sent, write_sent
from corroborate.linkage.private.matching import HandedOut, Near, hand_out, match
from corroborate.linkage.private.nodes import Node, node_of
from corroborate.linkage.private.revealing import (
    Learnt,
    learnt,
    read_result,
    result_table,
    reveal_table,
    seal_difference,
)
from corroborate.values import Digest

Entropy = Callable[[int], bytes]


def encoding_table(encoded: Encoded) -> pa.Table:
    """Rows as the linkage unit gets them: bits, and composite keys where they are agreed on. No row number, no name."""
    columns = {"filters": binary([one.tobytes() for one in encoded.filters], int(np.prod(encoded.filters.shape[1:])))}
    if encoded.keys.shape[1]:
        columns["keys"] = binary([one.tobytes() for one in encoded.keys], encoded.keys.shape[1] * KEY)
    return pa.table(columns)


def read_encoding(sent: Sent, schema: Schema) -> Encoded:
    """An encoding that fits the schema. Raises NotVerified when it does not."""
    width = schema.slots * schema.sent // 8
    filters = column(sent, "filters", width)
    if len(filters) % schema.round_to or not filters:
        raise NotVerified(
            (
                "{number:,} row is not padded as the agreement says: its sender must encode again",
                "{number:,} rows are not padded as the agreement says: its sender must encode again",
            ),
            number=len(filters),
        )
    shaped = np.frombuffer(b"".join(filters), np.uint8).reshape(len(filters), schema.slots, schema.sent // 8)
    keys = b"".join(column(sent, "keys", schema.keys * KEY)) if schema.keys else b""
    return Encoded(shaped, np.frombuffer(keys, np.uint8).reshape(len(filters), schema.keys, KEY))


def send_encoding(encoded: Encoded, agreed: Agreed, signer: Signer, at: datetime, identifier: str) -> bytes:
    """The first trip: to the linkage unit."""
    return write_sent(
        "encoding", encoding_table(encoded), agreed.agreement, identifier=identifier, at=at, signer=signer,
        to=agreed.agreement.unit,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matched:
    """What the linkage unit knows afterwards: sizes, pairs of row numbers and how near they are. And what it sends."""

    agreement: Agreement
    rows: tuple[int, int]
    pairs: tuple[Near, ...]
    results: tuple[bytes, bytes]  # for the sides, in the agreement's order


def match_files(
    note: bytes, encodings: Sequence[bytes], who: Signer | Node, at: datetime, run: str, entropy: Entropy
) -> Matched:
    """The unit's whole work: two encodings in any order, two results out. ``run``: an id.

    Raises NotVerified when a file is another's, was changed, or both are of one side; NotAllowed after the agreement's
    end, when one of its keys was revoked, or when we are not the unit it names.
    """
    node = node_of(who)
    agreement = read_agreement(note, node)
    agreement.require(at.date())
    half = as_unit(agreement, node)
    sides = [node.senders(one.key) for one in agreement.parties]
    by: dict[int, Sent] = {}
    for one in encodings:
        sent = read_sent(one, "encoding", agreement, half=half, senders=[*sides[0], *sides[1]])
        by[0 if sent.sender in {key for key, _ in sides[0]} else 1] = sent
    if len(encodings) != 2 or len(by) != 2:
        raise NotVerified("two encodings are needed, one of each side; these are of the same side, or one twice")
    ours, theirs = by[0], by[1]
    left, right = (read_encoding(one, agreement.schema) for one in (ours, theirs))
    pairs = match(left, right, agreement)
    handed = hand_out(pairs, (left.rows, right.rows), seal_difference, entropy)
    results = [
        write_sent(
            "result", result_table(one), agreement, identifier=run, at=at, signer=node.signer, to=party,
            answers=[file.digest],
        )
        for one, party, file in zip(handed, agreement.parties, (ours, theirs), strict=True)
    ]  # fmt: skip
    return Matched(agreement, (left.rows, right.rows), pairs, (results[0], results[1]))


def read_handed(
    result: bytes, agreed: Agreed, encoding: Digest, rows: int, *, before: bool = False
) -> tuple[Sent, HandedOut]:
    """The unit's result for our encoding. Raises NotVerified for another encoding's, or another unit's.

    ``before``: it was read when it arrived, and is read again as it was kept.
    """
    sent = read_sent(result, "result", agreed.agreement, half=agreed.half, senders=agreed.from_unit, before=before)
    if sent.answers != (encoding,):
        raise NotVerified("the result answers another encoding than the last that this vault made under the agreement")
    return sent, read_result(sent, rows)


def reveal_file(
    handed: HandedOut, run: Sent, decided: Sequence[Shown | None], agreed: Agreed, signer: Signer, at: datetime,
    identifier: str, entropy: Entropy,
) -> bytes:  # fmt: skip
    """The last trip: what we tell the other side. ``run``: the unit's result that it answers."""
    agreed.agreement.require(at.date())
    return write_sent(
        "reveal", reveal_table(handed, decided, agreed, entropy), agreed.agreement, identifier=identifier, at=at,
        signer=signer, to=agreed.other, answers=[Digest.of(run.id.encode())],
    )  # fmt: skip


def read_learnt(content: bytes, handed: HandedOut, run: Sent, agreed: Agreed) -> tuple[Sent, tuple[Learnt, ...]]:
    """What the other side told. Raises NotVerified when it answers another run of the unit."""
    sent = read_sent(content, "reveal", agreed.agreement, half=agreed.half, senders=agreed.from_other)
    if sent.answers != (Digest.of(run.id.encode()),):
        raise NotVerified("the answer belongs to another run of the linkage unit than our result")
    return sent, learnt(sent, handed, agreed)
