"""Rules of connected accounts: what a sync's findings come to, and when the next one is due."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from kryptos.domains.integrations.contracts import Finding, StageLog, StageStatus, Status
from kryptos.domains.integrations.errors import AliasInvalid, ChainsInvalid

CHAINS_PER_INTEGRATION = 50
ALIAS_CHARACTERS = 100

PAUSED_CODE = "SYNC_PAUSED"
PAUSED_MESSAGE = (
    "Paused: no app may read this account any more, so it is not read either. It goes on when one may."
)
STOPPED_MESSAGE = "Reading was stopped before it came to an end: no app may read this account any more."

_FIRST_RETRY_SECONDS = 60
_JITTER_PERCENT = 10
_MICROSECOND = timedelta(microseconds=1)
_WORST_FIRST = (
    StageStatus.ONGOING,
    StageStatus.WAITING,
    StageStatus.FAILED,
    StageStatus.PARTIAL,
    StageStatus.COMPLETED,
    StageStatus.NOT_SUPPORTED,
)
_MESSAGES = 3


def checked_alias(alias: str | None) -> str | None:
    """Return a name without blanks around it; raise ``AliasInvalid``."""
    if alias is None:
        return None
    name = alias.strip()
    if not 0 < len(name) <= ALIAS_CHARACTERS:
        raise AliasInvalid
    return name


def checked_chains(chains: Sequence[str]) -> tuple[str, ...]:
    """Return each chain once; raise ``ChainsInvalid`` for none or too many."""
    wanted = tuple(dict.fromkeys(chains))
    if not wanted:
        message = "Choose at least one chain."
        raise ChainsInvalid(message)
    if len(wanted) > CHAINS_PER_INTEGRATION:
        message = f"At most {CHAINS_PER_INTEGRATION} chains can be connected at once."
        raise ChainsInvalid(message)
    return wanted


def combined(findings: Collection[Finding]) -> Finding:
    """Return what a stage comes to over all chains: failed only where it failed on each, partial where on some."""
    statuses = {each.status for each in findings}
    looked = statuses - {StageStatus.NOT_SUPPORTED}
    status = next((each for each in _WORST_FIRST if each in statuses), StageStatus.WAITING)
    if status is StageStatus.FAILED and looked != {StageStatus.FAILED}:
        status = StageStatus.PARTIAL
    told = [
        each for each in findings if each.message and each.status in {StageStatus.FAILED, StageStatus.PARTIAL}
    ]
    if not told:
        unsupported = [each for each in findings if each.message] if not looked else []
        return Finding(status, message=unsupported[0].message if unsupported else None)
    sentences = list(dict.fromkeys(each.message for each in told if each.message))
    more = f" ({len(sentences) - _MESSAGES} more)" if len(sentences) > _MESSAGES else ""
    return Finding(
        status,
        message=" ".join(sentences[:_MESSAGES]) + more,
        code=next((each.code for each in told if each.code), None),
    )


def overall(stages: Sequence[StageLog]) -> tuple[Status, str | None, str | None]:
    """Return status, message and code of a connection whose sync has ended with these stages."""
    supported = [each for each in stages if each.status is not StageStatus.NOT_SUPPORTED]
    bad = [each for each in supported if each.status is not StageStatus.COMPLETED]
    if not bad:
        return Status.COMPLETED, None, None
    status = (
        Status.FAILED
        if all(each.status is StageStatus.FAILED for each in supported)
        else Status.PARTIALLY_SYNCED
    )
    sentences = list(dict.fromkeys(each.message for each in bad if each.message))
    return status, " ".join(sentences) or None, next((each.code for each in bad if each.code), None)


def status_when_stopped(stages: Sequence[StageLog]) -> Status:
    """Return the status of a connection whose sync was stopped; one that never began is as it was connected."""
    return overall(stages)[0] if stages else Status.CONNECTED


def pause_until_next(
    *, failures: int, retry_after_seconds: int | None, every: timedelta, chance: int
) -> timedelta:
    """Return how long to wait for the next sync: the regular span, or less after a failure.

    The first retry comes after a minute, each further one after twice the time, none later than the regular sync and
    none earlier than the provider asked for. ``chance`` (0 to 2**32 - 1) moves it by up to a tenth either way.
    """
    wait = (
        every
        if not failures
        else min(every, timedelta(seconds=_FIRST_RETRY_SECONDS << min(failures - 1, 20)))
    )
    wait = max(wait, timedelta(seconds=retry_after_seconds or 0))
    share = wait * _JITTER_PERCENT // 100 // _MICROSECOND
    moved = share * chance // 2**32 if retry_after_seconds else 2 * share * chance // 2**32 - share
    return wait + moved * _MICROSECOND
