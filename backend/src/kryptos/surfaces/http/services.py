"""Services: everything a request may need, made once per web process by its entry point."""

from dataclasses import dataclass

from kryptos.infra.database import Database
from kryptos.infra.database.reader import Reader
from kryptos.infra.http_client.client import HttpClient
from kryptos.infra.http_client.public_web import PublicWeb
from kryptos.infra.rate_limits import RateLimiter
from kryptos.infra.settings import Settings
from kryptos.kernel.clock import Clock
from kryptos.kernel.ids import RandomBytes
from kryptos.providers.registry import Registry
from kryptos.surfaces.http.access_notes import AccessNotes


@dataclass(frozen=True, slots=True)
class Services:
    """The process's settings, clock, connections and counters."""

    settings: Settings
    clock: Clock
    random_bytes: RandomBytes
    database: Database
    reader: Reader
    limiter: RateLimiter
    http: HttpClient
    public_web: PublicWeb
    registry: Registry
    can_mail: bool
    """Whether mailed sign-in codes can reach anybody."""
    access_notes: AccessNotes
    """Flushed to the database every second: the hot path itself writes nothing."""
