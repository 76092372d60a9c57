"""The proof of an erasure: a signed statement of when how many rows of what went, and of what it does not reach."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from kryptos.infra.database import Uow
from kryptos.infra.statements import sign_statement

VERSION = "kryptos-erasure-proof-1"
NOT_REACHED = (
    "Copies that apps made while they had access: those are theirs to erase. They can see that their access ended.",
    "Backups made before, which hold what was erased until they expire; the operator tells how long that takes.",
    (
        "What the database's own files still held unseen, until the operator scrubs them; an embedded database is "
        "scrubbed by itself within a day."
    ),
    (
        "That things happened, in the audit log, under ids that lead to nobody any more. Network addresses in it were "
        "sealed under a key of yours, which is destroyed."
    ),
    "Workspaces that somebody else can share too: what was connected there stays theirs, and your part in them ended.",
    "Public blockchains, and the servers that were asked about your accounts.",
)


async def sign_proof(uow: Uow, *, erasure: sa.Row[Any], counts: Mapping[str, int]) -> str:
    """Return the statement; of whom it speaks is told by a salted digest, whose salt only the key's holder can make."""
    digest: bytes | None = erasure.address_digest
    payload = {
        "schema_version": VERSION,
        "erasure_id": erasure.id,
        "reason": erasure.reason,
        "requested_at": _instant(erasure.requested_at),
        "finished_at": _instant(uow.now),
        "address_sha256": None if digest is None else digest.hex(),
        "address_sha256_of": "the salt beside this statement, then the e-mail address in lower case",
        "erased": dict(sorted(counts.items())),
        "not_reached": list(NOT_REACHED),
    }
    return await sign_statement(uow, kind="erasure-proof", payload=payload)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
