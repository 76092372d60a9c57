"""What can go wrong, told once: a stable code, a kind and what to do next. Surfaces choose status and envelope."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """How an error concerns the caller; each surface maps a kind to a status of its own protocol."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA = "unsupported_media"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class KryptosError(Exception):
    """Base of every error that a caller may see.

    ``message`` is a sentence for a person: what happened and what to do next. ``details`` are per-field findings;
    ``facts`` are documented fields of this error alone, told beside the code.
    ``keeps_writes`` says that what the failing use case wrote (a counted try, say) is committed all the same.
    """

    code: ClassVar[str] = "INTERNAL_ERROR"
    kind: ClassVar[Kind] = Kind.INTERNAL
    keeps_writes: ClassVar[bool] = False
    default_message: ClassVar[str] = (
        "Something went wrong on our side. Try again; quote the request id if it persists."
    )

    def __init__(
        self,
        message: str | None = None,
        *,
        details: Sequence[Mapping[str, object]] = (),
        facts: Mapping[str, str] | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        self.message = message or self.default_message
        self.details = tuple(details)
        self.facts = dict(facts or {})
        self.retry_after_seconds = retry_after_seconds
        super().__init__(self.message)


class InvalidInput(KryptosError):
    """A body, query or header that does not have the documented form."""

    code = "VALIDATION_ERROR"
    kind = Kind.INVALID
    default_message = "The request does not have the documented form; see details."


class Unavailable(KryptosError):
    """Something that we depend on cannot be reached now; the same call may succeed in a moment."""

    code = "SERVICE_UNAVAILABLE"
    kind = Kind.UNAVAILABLE
    default_message = (
        "The service cannot reach its database just now. Repeat the call in a moment; a call that changes something is "
        "safe to repeat with the same Idempotency-Key."
    )
