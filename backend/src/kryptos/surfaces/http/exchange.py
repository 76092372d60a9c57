"""Exchange: one HTTP request with what is known about it so far, and the reply that grows from it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from litestar import Request
from litestar.datastructures import Headers, State

from kryptos.infra.database import Origin
from kryptos.kernel.errors import InvalidInput, KryptosError
from kryptos.surfaces.http.envelopes import PayloadTooLarge

AnyRequest = Request[None, None, State]
PUBLIC_ORIGIN = "*"
_HEADER_CHARACTERS = 512
_READ_IN_VAIN_BYTES = 1_048_576
"""As much as the sample of a proxy lets through (deploy/nginx)."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reply that a handler has written itself, with a tag that changes with every byte of it."""

    body: bytes
    tag: str
    rows: int
    """How many things it lists."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """A file that a handler makes piece by piece."""

    file_name: str
    pieces: AsyncGenerator[bytes, None]


@dataclass(slots=True)
class Exchange:
    """A request on its way through the pipeline."""

    request: AnyRequest
    request_id: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    """Headers of the reply."""
    allowed_origins: tuple[str, ...] | None = None
    """Origins that may read the reply in a browser; None while nobody is authenticated."""
    received: Headers = field(init=False)
    """Headers of the request; the framework looks for them anew each time it is asked."""

    def __post_init__(self) -> None:
        self.received = self.request.headers

    @property
    def origin(self) -> Origin:
        """For the audit log."""
        return Origin(request_id=self.request_id, address=self.address)

    @property
    def path(self) -> dict[str, str]:
        """Path parameters. PostgreSQL cannot be asked for a NUL: another character that no id has names as little."""
        return {
            name: str(value).replace("\x00", "\ufffd") for name, value in self.request.path_params.items()
        }

    def header(self, name: str, *, refusal: type[KryptosError] = InvalidInput) -> str | None:
        """Return a request header, refusing what no credential or key of ours looks like."""
        value = self.received.get(name)
        if value is not None and (
            len(value) > _HEADER_CHARACTERS or not value.isascii() or not value.isprintable()
        ):
            message = f"The header {name} has a value that cannot be valid."
            raise refusal(message, details=[{"code": "invalid_header", "path": [name], "message": message}])
        return value

    async def body(self, limit_bytes: int) -> bytes:
        """Return the raw body, keeping no more than is allowed; raises ``PayloadTooLarge``.

        A body that says it is a little too large is read to its end all the same: where one is left unread, the caller
        may find its connection reset before it has read why, and a proxy then answers 502.
        """
        said = self.received.get("content-length", "0")
        declared = int(said) if said.isdecimal() else 0
        if declared > limit_bytes + _READ_IN_VAIN_BYTES:
            raise _too_large(limit_bytes)
        most = max(declared, limit_bytes)
        chunks: list[bytes] = []
        size = 0
        async for chunk in self.request.stream():
            size += len(chunk)
            if size > most:
                break
            if declared <= limit_bytes:
                chunks.append(chunk)
        if max(declared, size) > limit_bytes:
            raise _too_large(limit_bytes)
        return b"".join(chunks)


def _too_large(limit_bytes: int) -> PayloadTooLarge:
    message = f"The request body is larger than the {limit_bytes} bytes this server accepts."
    return PayloadTooLarge(message)
