"""Real contracts from published artifacts, and small ones assembled here that misbehave."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kryptos.catalog.keccak import keccak256
from kryptos.providers.chains.evm.abi import TRANSFER
from tests.providers.evm.anvil import Anvil, package_file

MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11"
_AAVE_TOKEN = "@aave/core-v3/artifacts/contracts/mocks/tokens/MintableERC20.sol/MintableERC20.json"
_UNISWAP = "@uniswap/v2-periphery/build"


def selector(signature: str) -> bytes:
    """Return the first four bytes of the hash of ``transfer(address,uint256)`` and the like."""
    return keccak256(signature.encode())[:4]


def encoded(*values: int | str | Sequence[str]) -> bytes:
    """Return arguments as the ABI writes them: numbers, addresses (0x…), strings and lists of addresses."""
    head, tail = b"", b""
    for value in values:
        if isinstance(value, int):
            head += value.to_bytes(32, "big")
        elif isinstance(value, str) and value.startswith("0x"):
            head += bytes.fromhex(value[2:]).rjust(32, b"\0")
        else:
            head += (32 * len(values) + len(tail)).to_bytes(32, "big")
            if isinstance(value, str):
                raw = value.encode()
                tail += len(raw).to_bytes(32, "big") + raw + bytes(-len(raw) % 32)
            else:
                tail += len(value).to_bytes(32, "big") + encoded(*value)
    return head + tail


def call(signature: str, *values: int | str | Sequence[str]) -> str:
    """Return call data as nodes take it."""
    return "0x" + (selector(signature) + encoded(*values)).hex()


def artifact(path: str) -> str:
    """Return the creation code in an artifact."""
    file = package_file(path)
    assert file is not None, path
    code: str = json.loads(file.read_text())["bytecode"]
    return code if code.startswith("0x") else "0x" + code


def deploy(node: Anvil, code: str, *values: int | str | Sequence[str]) -> str:
    """Deploy creation code with its arguments; return the address in small letters."""
    receipt = node.receipt(node.send(node.rich, None, data=code + encoded(*values).hex()))
    assert receipt["status"] == "0x1"
    return str(receipt["contractAddress"]).lower()


def deploy_token(node: Anvil, name: str, symbol: str, decimals: int) -> str:
    """Deploy Aave's mintable ERC-20."""
    return deploy(node, artifact(_AAVE_TOKEN), name, symbol, decimals)


def mint(node: Anvil, token: str, to: str, units: int) -> str:
    """Mint units of a mintable token."""
    return node.send(node.rich, token, data=call("mint(address,uint256)", to, units))


def units_held(node: Anvil, token: str, holder: str) -> int:
    """Return the balance that the token tells."""
    return node.number("eth_call", {"to": token, "data": call("balanceOf(address)", holder)}, "latest")


def place_multicall3(node: Anvil) -> None:
    """Put Multicall3 where it stands on real chains, from the creation code in viem."""
    file = package_file("viem/_esm/constants/contracts.js")
    assert file is not None
    found = re.search(r"multicall3Bytecode = '(0x[0-9a-f]+)'", file.read_text())
    assert found
    at = deploy(node, found[1])
    node.rpc("anvil_setCode", MULTICALL3, node.rpc("eth_getCode", at, "latest"))


@dataclass(frozen=True)
class Exchange:
    """Uniswap v2 with one pair's token."""

    weth: str
    router: str
    factory: str

    def pair(self, node: Anvil, token: str) -> str:
        """Return the pair of a token with WETH."""
        found = node.rpc(
            "eth_call",
            {"to": self.factory, "data": call("getPair(address,address)", token, self.weth)},
            "latest",
        )
        return "0x" + str(found)[-40:]


def deploy_exchange(node: Anvil) -> Exchange:
    """Deploy WETH9, Uniswap v2's factory and its router."""
    weth = deploy(node, artifact(f"{_UNISWAP}/WETH9.json"))
    factory = deploy(node, artifact("@uniswap/v2-core/build/UniswapV2Factory.json"), node.rich)
    router = deploy(node, artifact(f"{_UNISWAP}/UniswapV2Router02.json"), factory, weth)
    return Exchange(weth, router, factory)


def odd_token(node: Anvil, address: str, answers: Mapping[str, bytes | None]) -> str:
    """Put a contract at an address that answers signatures with bytes (None: burns all gas); return the address.

    Any other call writes ``Transfer(0x0, first argument, second argument)``, so that the contract is found.
    """
    code = b""
    for signature, answer in answers.items():
        # PUSH1 0 CALLDATALOAD PUSH1 224 SHR PUSH4 <selector> EQ ISZERO PUSH2 <next> JUMPI
        test = bytes.fromhex("600035 60e0 1c 63") + selector(signature) + bytes.fromhex("14 15 61")
        start = len(code) + len(test) + 3
        if answer is None:
            body = bytes.fromhex("fe")  # INVALID
        else:
            # PUSH2 <size> PUSH2 <offset> PUSH1 0 CODECOPY PUSH2 <size> PUSH1 0 RETURN <answer>
            size = len(answer).to_bytes(2, "big")
            at = (start + 15).to_bytes(2, "big")
            body = (
                b"\x61"
                + size
                + b"\x61"
                + at
                + bytes.fromhex("600039 61")
                + size
                + bytes.fromhex("6000f3")
                + answer
            )
        code += test + (start + len(body)).to_bytes(2, "big") + b"\x57" + body + b"\x5b"
    # PUSH1 36 CALLDATALOAD PUSH1 0 MSTORE PUSH1 4 CALLDATALOAD PUSH1 0 PUSH32 <Transfer> PUSH1 32 PUSH1 0 LOG3 STOP
    code += (
        bytes.fromhex("602435600052 600435 6000 7f")
        + bytes.fromhex(TRANSFER[2:])
        + bytes.fromhex("6020 6000 a3 00")
    )
    node.rpc("anvil_setCode", address, "0x" + code.hex())
    return address.lower()


def announce(node: Anvil, token: str, to: str, units: int) -> None:
    """Let an odd token claim that it was transferred."""
    node.send(node.rich, token, data=call("announce(address,uint256)", to, units))
