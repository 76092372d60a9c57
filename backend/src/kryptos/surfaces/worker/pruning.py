"""What is pruned, and by whom: each owner of rows has a ``prune(uow)`` that deletes some and returns how many.

It is called until it returns 0, so that the worker catches up after an outage in transactions of bounded size.
"""

from collections.abc import Awaitable, Callable, Mapping

from kryptos.domains import connect, identity, prices, sync
from kryptos.infra import idempotency
from kryptos.infra.database import Uow
from kryptos.infra.mail import prune_mails
from kryptos.infra.queue import prune_jobs, prune_workers

PRUNED: Mapping[str, Callable[[Uow], Awaitable[int]]] = {
    "sign-in requests": identity.prune_codes,
    "account sessions": identity.prune_account_sessions,
    "link sessions": connect.prune,
    "ownership challenges": connect.prune_challenges,
    "app logos": connect.prune_app_logos,
    "idempotency records": idempotency.prune,
    "connection tests": sync.prune_tests,
    "prices that nobody wants": prices.prune,
    "mails of the mailbox": prune_mails,
    "dead jobs": prune_jobs,
    "vanished workers": prune_workers,
}
