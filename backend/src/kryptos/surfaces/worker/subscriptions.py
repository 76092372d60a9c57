"""Which event asks for which jobs: the one table to read to know what happens after what."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import msgspec

from kryptos.domains.clients import ClientResumed, ClientSuspended
from kryptos.domains.identity import SignInCodeRequested, UserResumed, UserSuspended
from kryptos.domains.integrations import SyncRequested
from kryptos.domains.privacy import ErasureRequested
from kryptos.domains.sync import ConnectionTestRequested
from kryptos.infra.database import Event
from kryptos.infra.queue import Job, JobsOf
from kryptos.surfaces.worker.access import PauseUnread
from kryptos.surfaces.worker.erasing import ErasePerson
from kryptos.surfaces.worker.jobs import SendSignInCode
from kryptos.surfaces.worker.syncing import SyncIntegration, TryConnection

Happened = TypeVar("Happened", bound=Event)


def on(event: type[Happened], jobs_of: Callable[[Happened], Sequence[Job]]) -> tuple[str, JobsOf]:
    """Say which jobs an event asks for."""
    decoder = msgspec.json.Decoder(event)
    return event.name, lambda payload: jobs_of(decoder.decode(payload))


SUBSCRIPTIONS: Mapping[str, JobsOf] = dict(
    [
        on(SignInCodeRequested, lambda event: [SendSignInCode(challenge_id=event.challenge_id)]),
        *(
            on(event, lambda _event: [PauseUnread()])
            for event in (ClientSuspended, ClientResumed, UserSuspended, UserResumed)
        ),
        on(SyncRequested, lambda event: [SyncIntegration(integration_id=event.integration_id)]),
        on(ErasureRequested, lambda event: [ErasePerson(erasure_id=event.erasure_id)]),
        on(ConnectionTestRequested, lambda event: [TryConnection(test_id=event.test_id)]),
    ]
)
