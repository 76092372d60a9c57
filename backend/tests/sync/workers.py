"""Worker processes that read from local ends; they reach nobody else, and a test may kill them."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.app import App
from tests.support.installation import Process
from tests.support.journey import rows
from tests.support.processes import environment
from tests.support.queue import eventually

_NOBODY = "http://127.0.0.1:9"


class Workers:
    """Starts ``kryptos worker`` on the database of an app, as often as a test wants."""

    def __init__(self, app: App, directory: Path, upstreams: dict[str, str]) -> None:
        self._app = app
        self.log = directory / "worker.log"
        self._variables = {
            **environment(data_dir=str(directory), database_url=app.services.database.url, mailbox="true"),
            **upstreams,
            "HTTPS_PROXY": _NOBODY,  # prices are nobody's business here
        }
        self.started: list[Process] = []

    def start(self, **settings: str) -> Process:
        """Start one more."""
        variables = {
            **self._variables,
            **{f"KRYPTOS_{name.upper()}": value for name, value in settings.items()},
        }
        self.started.append(Process("worker", log=self.log, variables=variables))
        return self.started[-1]

    async def until_all_ended(self, *, but: int = 0, timeout_seconds: float = 60) -> None:
        """Return once no sync is asked for or runs any more, but for some."""

        async def are_ended() -> bool:
            left = await rows(
                self._app, "SELECT 1 FROM integrations WHERE status IN ('connected', 'queued', 'ongoing')"
            )
            assert any(each.is_alive for each in self.started), self.log.read_text()[-3000:]
            return len(left) <= but

        await eventually(are_ended, what="all syncs have ended", timeout_seconds=timeout_seconds)


@asynccontextmanager
async def workers(app: App, upstreams: dict[str, str]) -> AsyncIterator[Workers]:
    """Give workers; none of them outlives the block."""
    with tempfile.TemporaryDirectory(prefix="kryptos-test-") as directory:
        made = Workers(app, Path(directory), upstreams)
        try:
            yield made
        finally:
            for each in made.started:
                await asyncio.to_thread(each.stop)
