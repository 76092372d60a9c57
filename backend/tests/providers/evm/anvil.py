"""A real Ethereum node for one test: anvil, out of its npm package."""

import contextlib
import os
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.support.ports import free_port
from tests.support.processes import wait_until

CHAIN_NUMBER = 1
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}  # Python's names -> those of the packages
_PLATFORM = f"{platform.system().lower()}-{_MACHINES.get(platform.machine(), platform.machine())}"


def package_file(path: str) -> Path | None:
    """Return a file of an npm package as Node would find it: from here upwards, then in ``NODE_PATH``."""
    folders = [parent / "node_modules" for parent in Path(__file__).resolve().parents]
    folders += [Path(each) for each in os.environ.get("NODE_PATH", "").split(os.pathsep) if each]
    return next((folder / path for folder in folders if (folder / path).is_file()), None)


def anvil_binary() -> Path | None:
    """Return the binary of this platform's package."""
    return package_file(f"@foundry-rs/anvil-{_PLATFORM}/bin/anvil")


class NodeSaidNo(Exception):
    """The node answered with an error."""


class Anvil:
    """A running node; every call goes straight to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(timeout=30)
        self.rich: str = ""

    def rpc(self, method: str, *params: object) -> object:
        """Return the result of a call."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = self._http.post(self.url, json=body).json()
        if "error" in answer:
            raise NodeSaidNo(answer["error"])
        result: object = answer["result"]
        return result

    def number(self, method: str, *params: object) -> int:
        """Return the result of a call that gives a quantity."""
        return int(str(self.rpc(method, *params)), 16)

    def send(
        self, sender: str, to: str | None, *, data: str = "0x", value: int = 0, gas: int | None = None
    ) -> str:
        """Send a transaction and return its hash; it is in a block of its own at once."""
        fields = {"from": sender, "data": data, "value": hex(value)}
        fields |= {"to": to} if to else {}
        fields |= {"gas": hex(gas)} if gas else {}
        sent = str(self.rpc("eth_sendTransaction", fields))
        # The answer comes a moment before the block does.
        wait_until(lambda: self.rpc("eth_getTransactionReceipt", sent), what="the transaction is in a block")
        return sent

    def receipt(self, transaction: str) -> dict[str, object]:
        """Return the receipt of a transaction."""
        receipt = self.rpc("eth_getTransactionReceipt", transaction)
        assert isinstance(receipt, dict)
        return receipt

    def person(self, address: str, *, ether: int) -> str:
        """Let an address act, with coins that somebody sent to it; return it."""
        self.rpc("anvil_impersonateAccount", address)
        if ether:
            self.send(self.rich, address, value=ether * 10**18)
        return address

    def is_up(self) -> bool:
        """Say whether the node answers."""
        try:
            return bool(self.rpc("eth_accounts"))
        except httpx.HTTPError:
            return False


@contextlib.contextmanager
def running_anvil(binary: Path) -> Iterator[Anvil]:
    """Run a node whose blocks come with each transaction; it ends with the block."""
    port = free_port()
    command = [
        str(binary),
        "--port",
        str(port),
        "--chain-id",
        str(CHAIN_NUMBER),
        "--silent",
        "--accounts",
        "1",
    ]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    node = Anvil(f"http://127.0.0.1:{port}")
    try:
        wait_until(node.is_up, what="anvil answers")
        accounts = node.rpc("eth_accounts")
        assert isinstance(accounts, list)
        node.rich = accounts[0]
        yield node
    finally:
        node._http.close()
        process.terminate()
        process.wait(10)
