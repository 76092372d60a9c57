"""How many SQL statements a call makes, as PostgreSQL's own log counts them."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import asyncpg

_SETTLE_SECONDS = 1.5  # the web process writes the last uses of tokens every second: let it finish first


class StatementLog:
    """Turns the logging of statements on while it is entered."""

    def __init__(self, url: str, log: Path) -> None:
        self._url = url
        self._log = log

    def __enter__(self) -> Self:
        self._configure("ALTER SYSTEM SET log_statement = 'all'")
        time.sleep(_SETTLE_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._configure("ALTER SYSTEM RESET log_statement")

    def count(self, call: Callable[[], object]) -> tuple[int, int]:
        """Return how many statements ``call`` makes: those that do something, and those that begin and end."""
        start = self._log.stat().st_size
        call()
        time.sleep(0.2)
        with self._log.open("rb") as file:
            file.seek(start)
            lines = [line for line in file.read().decode().splitlines() if " LOG:  " in line]
        texts = [line.split(": ", maxsplit=2)[-1] for line in lines]
        framing = sum(text.split()[0].strip(";").upper() in {"BEGIN", "COMMIT", "ROLLBACK"} for text in texts)
        return len(texts) - framing, framing

    def _configure(self, statement: str) -> None:
        async def configure() -> None:
            connection = await asyncpg.connect(self._url)
            try:
                await connection.execute(statement)
                await connection.execute("SELECT pg_reload_conf()")
            finally:
                await connection.close()

        asyncio.run(configure())
