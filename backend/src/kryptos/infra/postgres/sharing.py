"""How several commands share one embedded cluster: join the one that runs, or run it for as long as we need it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kryptos.infra.postgres.cluster import Cluster, ClusterBusy
from kryptos.infra.settings import Settings

_PATIENCE_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.05


def cluster_directory(settings: Settings) -> Path:
    """Return where the embedded cluster of this installation lives."""
    return settings.data_dir / "postgres"


def cluster_files(settings: Settings) -> Path:
    """Return where its server keeps its files, as the server itself names the place."""
    return cluster_directory(settings).absolute() / "data"


def own_cluster(
    settings: Settings, *, purpose: str, is_brief: bool = False, patience_seconds: float = _PATIENCE_SECONDS
) -> Cluster:
    """Start the embedded cluster as its owner, after a brief owner if there is one; raise ``ClusterBusy``."""
    cluster = Cluster(cluster_directory(settings), purpose=purpose, is_brief=is_brief)
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            cluster.start()
        except ClusterBusy as busy:
            is_for_long = busy.owner is not None and not busy.owner.is_brief
            if is_for_long or time.monotonic() > deadline:
                raise
            time.sleep(_LOOK_EVERY_SECONDS)
        else:
            return cluster


@contextmanager
def database_url(
    settings: Settings, *, purpose: str, is_brief: bool = True, patience_seconds: float = _PATIENCE_SECONDS
) -> Iterator[str]:
    """Give the URL of the installation's database, running the embedded one meanwhile if nobody else does.

    Joins a long-running owner (``kryptos demo``, ``serve``); when that one stops, the database is gone until it comes
    back. Waits for the end of a brief owner (``kryptos client list``), whose server would vanish under us.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    url, cluster = _join_or_own(
        settings, purpose=purpose, is_brief=is_brief, patience_seconds=patience_seconds
    )
    try:
        yield url
    finally:
        if cluster is not None:
            cluster.stop()


def _join_or_own(
    settings: Settings, *, purpose: str, is_brief: bool, patience_seconds: float
) -> tuple[str, Cluster | None]:
    deadline = time.monotonic() + patience_seconds
    while True:
        remaining_seconds = max(0.0, deadline - time.monotonic())
        try:
            cluster = own_cluster(
                settings, purpose=purpose, is_brief=is_brief, patience_seconds=remaining_seconds
            )
        except ClusterBusy as busy:
            url = None if busy.owner is None or busy.owner.is_brief else busy.owner.url()
            if url is not None:
                return url, None
            if time.monotonic() > deadline:
                raise
            time.sleep(_LOOK_EVERY_SECONDS)  # a long-running owner that is not ready yet
        else:
            return cluster.url(), cluster
