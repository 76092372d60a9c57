"""Several web processes behind one port count together: whichever answers a scrape tells of all of them.

This must be asked for before anything imports prometheus_client, which decides at import where it counts.
"""

import shutil

from kryptos.infra.settings import Settings, count_together


def share_counters(settings: Settings) -> None:
    """Make the directory in which the web processes that this one starts will count, empty as counters begin."""
    if settings.web_processes == 1:
        return
    directory = (settings.data_dir / "metrics" / f"web-{settings.port}").absolute()
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700, parents=True)
    count_together(directory)
