"""Several web processes behind one port count together: whichever answers a scrape tells of all of them.

This must be asked for before anything imports prometheus_client, which decides at import where it counts.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kryptos.infra.settings import Settings, count_together


@contextmanager
def shared_counters(settings: Settings) -> Iterator[None]:
    """Give the web processes that are started in the block a directory to count in; it goes with the server.

    A new one each time, as counters begin: servers that share a data directory must not share counters.
    """
    if settings.web_processes == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="kryptos-metrics-", ignore_cleanup_errors=True) as directory:
        count_together(Path(directory))
        yield
