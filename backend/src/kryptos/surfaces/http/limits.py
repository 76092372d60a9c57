"""How often anybody may call: one table, per process (docs say how it scales)."""

from kryptos.infra.rate_limits import Limit, RateLimiter, RateLimitExceeded, Verdict

CLIENT_CALLS = Limit("client", calls=1200, period_seconds=60)
"""Calls with a client's credentials, per client."""
GRANT_CALLS = Limit("grant", calls=600, period_seconds=60)
"""Data calls, per grant."""
SESSION_CALLS = Limit("session", calls=300, period_seconds=60)
"""Widget calls, per link token."""
OUTCOMES = Limit("outcome", calls=60, period_seconds=60)
"""Looks at what came of a hosted session, per link token; a waiting app looks every two seconds."""
ACCOUNT_CALLS = Limit("account", calls=300, period_seconds=60)
"""Calls in the consent centre, per account session."""
EXPORTS = Limit("export", calls=10, period_seconds=3600)
"""Exports of everything, per person."""
PUBLIC_CALLS = Limit("address", calls=600, period_seconds=60)
"""Calls without credentials, per network address."""
FAILED_AUTHENTICATIONS = Limit("failed_authentication", calls=60, period_seconds=60)
"""Calls with wrong credentials, per network address; beyond it the address waits."""
GUESTS = Limit("guest", calls=60, period_seconds=60)
"""New guests, per network address."""
CODES = Limit("code", calls=20, period_seconds=60)
"""Mailed codes asked for or tried, per network address."""

DETECTIONS = Limit("detection", calls=30, period_seconds=60)
"""Searches for an address's chains, and for the address of a name, per session: each asks other people's servers."""
LOGOS = Limit("logo", calls=10, period_seconds=60)
"""Pictures of apps asked for, per session."""
CHALLENGES = Limit("challenge", calls=30, period_seconds=60)
"""Texts to sign asked for, per session."""


def take(limiter: RateLimiter, limit: Limit, key: str) -> Verdict:
    """Count a call; raise ``RateLimitExceeded`` when the bucket is empty."""
    verdict = limiter.take(limit, key)
    if not verdict.is_allowed:
        raise RateLimitExceeded(retry_after_seconds=verdict.retry_after_seconds)
    return verdict


def headers_of(verdict: Verdict) -> dict[str, str]:
    """Return the RateLimit headers of a bucket's state."""
    return {
        "RateLimit-Limit": str(verdict.limit),
        "RateLimit-Remaining": str(verdict.remaining),
        "RateLimit-Reset": str(verdict.reset_seconds),
    }
