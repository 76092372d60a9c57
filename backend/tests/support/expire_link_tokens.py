"""``python -m tests.support.expire_link_tokens``: let every live link token run out, as thirty minutes would."""

import asyncio

import asyncpg

from kryptos.infra.postgres import database_url
from kryptos.infra.settings import load_settings


async def expire(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "UPDATE link_sessions SET expires_at = created_at + interval '1 millisecond' WHERE ended_at IS NULL"
        )
    finally:
        await connection.close()


if __name__ == "__main__":
    with database_url(load_settings(), purpose="expire link tokens") as url:
        asyncio.run(expire(url))
