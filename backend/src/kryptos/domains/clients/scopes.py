"""The vocabulary of scopes, the default set and what covers what (contract §1.5)."""

from collections.abc import Iterable, Sequence

from kryptos.domains.clients.errors import InvalidScope

_CORE = {
    "openid": "Know who you are to this app",
    "profile": "Your name and language",
    "email": "Your e-mail address",
    "offline_access": "Keep access while you are away",
}
_RESOURCES = {
    "portfolios": "portfolio holdings",
    "transactions": "transaction history",
    "balances": "account balances",
    "integrations": "connected wallets and exchanges",
    "defi": "DeFi positions",
    "nft": "NFT collections",
    "tax": "tax figures",
    "accounting": "accounting ledger",
    "reports": "generated reports",
    "workspace": "workspace settings",
    "users": "profile and preferences",
}

SCOPES: dict[str, str] = {
    **_CORE,
    **{f"{name}:read": f"Read your {words}" for name, words in _RESOURCES.items()},
    **{f"{name}:write": f"Change your {words}" for name, words in _RESOURCES.items()},
}
"""Every scope there is, with what it allows in plain words."""

DEFAULT_SCOPES: tuple[str, ...] = (
    "openid",
    "profile",
    "offline_access",
    "email",
    "portfolios:read",
    "transactions:read",
    "integrations:read",
    "tax:read",
    "accounting:read",
    "reports:read",
    "workspace:read",
    "users:read",
)
"""What a new client may ask for, and what is asked for when ``scopes`` is left out."""

_COVERED_BY = {
    "balances:read": "portfolios:read",
    "defi:read": "portfolios:read",
    "nft:read": "portfolios:read",
    "balances:write": "portfolios:write",
    "defi:write": "portfolios:write",
    "nft:write": "portfolios:write",
}
"""Later documentation folds these into the portfolio scopes (contract C-08): the wider serves for the narrower."""


def covers(granted: Iterable[str], scope: str) -> bool:
    """Whether the granted scopes allow what ``scope`` allows."""
    held = set(granted)
    return scope in held or _COVERED_BY.get(scope) in held


def parse_scopes(text: str) -> tuple[str, ...]:
    """Split a space-separated list, keeping its order, without repetitions; raise ``InvalidScope`` for unknown ones."""
    scopes = tuple(dict.fromkeys(text.split()))
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        message = f"Unknown scopes: {' '.join(unknown)}. Known are: {' '.join(SCOPES)}."
        raise InvalidScope(message)
    if not scopes:
        message = "At least one scope is needed. Leave `scopes` out to ask for the client's defaults."
        raise InvalidScope(message)
    return scopes


def requested_scopes(text: str | None, *, allowed: Sequence[str], of: str) -> tuple[str, ...]:
    """Return the scopes asked for (when None: all that are allowed); raise ``InvalidScope`` naming the refused.

    ``of`` says whose limit it is: "this client", "the existing grant".
    """
    if text is None:
        return tuple(allowed)
    scopes = parse_scopes(text)
    refused = [scope for scope in scopes if not covers(allowed, scope)]
    if refused:
        message = f"Scopes outside those of {of}: {' '.join(refused)}. Allowed are: {' '.join(allowed)}."
        raise InvalidScope(message)
    return scopes
