"""A process of many little nodes, one port each, that know an address, know nothing of it, or never answer.

``python node_farm.py <pause in milliseconds> <chain number>:<behaviour> …`` prints the ports as a JSON list and serves
until it is ended. Behaviours: ``used``, ``unused``, ``silent``.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]


def node(number: int, behaviour: str, pause_seconds: float) -> Serve:
    """Return what serves the connections of one node of a chain."""
    results = {
        "eth_chainId": hex(number),
        "eth_getTransactionCount": "0x7" if behaviour == "used" else "0x0",
        "eth_getBalance": "0x0",
        "eth_getCode": "0x",
    }

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
                calls = json.loads(await reader.readexactly(size))
                await asyncio.sleep(86_400 if behaviour == "silent" else pause_seconds)
                answers = [
                    {"jsonrpc": "2.0", "id": each["id"], "result": results[each["method"]]} for each in calls
                ]
                body = json.dumps(answers).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                    % len(body)
                    + body
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    return serve


async def farm(pause_seconds: float, nodes: list[str]) -> None:
    """Serve all nodes, and tell their ports once all are there."""
    servers = []
    for each in nodes:
        number, behaviour = each.split(":")
        serve = node(int(number), behaviour, pause_seconds)
        servers.append(await asyncio.start_server(serve, "127.0.0.1", 0))
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)  # noqa: T201 - the answer
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(farm(int(sys.argv[1]) / 1000, sys.argv[2:]))
