"""The ledger: what apps and people were promised, as of the last acknowledged call of each."""

from dataclasses import dataclass, field

from tests.endurance.calling import Caller, Headers

PAGE = 7


@dataclass
class Access:
    """What an app was given, and what became of it."""

    app: Headers
    grant_id: str
    token: str
    wallets: dict[str, str] = field(default_factory=dict)
    """Persona by wallet id, of what is connected."""
    dead_tokens: list[str] = field(default_factory=list)
    is_revoked: bool = False
    is_erased: bool = False

    @property
    def bearer(self) -> Headers:
        """Headers of a data call."""
        return bearer(self.token)


def bearer(token: str) -> Headers:
    """Return the headers of a data call."""
    return {"Authorization": f"Bearer {token}"}


@dataclass
class Ledger:
    """What the service has promised to keep, as of the last acknowledged call of each access."""

    accesses: list[Access] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    """Wallets that were taken back."""
    emails: list[str] = field(default_factory=list)
    """Addresses whose owners signed in."""
    sync_seconds: list[float] = field(default_factory=list)
    """From the acknowledged connection until it is told to be read."""
    transactions_read: int = 0


def page_through(caller: Caller, access: Access) -> list[str]:
    """Return the ids of all transactions, page by page; none may come twice."""
    found: list[str] = []
    total = 1
    while len(found) < total:
        page = caller.get(
            "/api/v1/transactions", access.bearer, limit=PAGE, offset=len(found), order="asc", isSpam="true"
        )
        total = page["pagination"]["totalCount"]
        if not page["data"] and len(found) < total:
            message = f"a page is empty after {len(found)} of {total}"
            raise AssertionError(message)
        found += [each["id"] for each in page["data"]]
    if len(set(found)) < len(found):
        message = "a page repeats a transaction"
        raise AssertionError(message)
    return found
