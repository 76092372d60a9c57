"""Names of ENS: which address a name stands for, told by Ethereum's own contracts.

Source: ERC-137, sections "Name Syntax", "namehash algorithm", "Registry specification" and "Contract address
interface"; for names that are kept off the chain or answered for by a parent, ENSIP-10.
"""

from kryptos.catalog.keccak import keccak256
from kryptos.providers.chains.evm.abi import WORD, address_in, word_at
from kryptos.providers.chains.evm.address import ZERO_ADDRESS, checksummed
from kryptos.providers.chains.evm.node_errors import CallReverted
from kryptos.providers.chains.evm.rpc import Rpc
from kryptos.providers.contracts import CouldNotLook, NotSupported

REGISTRY = "0x00000000000C2E074eC69A0dFb2997BA6C7d2e1e"
RESOLVER = bytes.fromhex("0178b8bf")  # resolver(bytes32), of the registry
ADDR = bytes.fromhex("3b3b57de")  # addr(bytes32), of a resolver
SUPPORTS_INTERFACE = bytes.fromhex("01ffc9a7")  # supportsInterface(bytes4), ERC-165
EXTENDED_RESOLVER = bytes.fromhex("9061b923")  # ENSIP-10: resolve(bytes,bytes)

_KEPT_ELSEWHERE = (
    "This name is not kept in Ethereum's own contracts, so it cannot be looked up here: paste the address."
)


def namehash(name: str) -> bytes:
    """Return the node of a name whose letters are normalised already."""
    node = bytes(WORD)
    for label in reversed(name.split(".")) if name else ():
        node = keccak256(node + keccak256(label.encode()))
    return node


async def address_of_name(rpc: Rpc, name: str) -> str | None:
    """Return the address, with its checksum; None where the name does not exist or stands for no address.

    Raise ``CouldNotLook``, or ``NotSupported`` for a name that its resolver, or a parent's, tells of in another way.
    """
    node = namehash(name)
    resolver = await _address(rpc, REGISTRY, RESOLVER + node)
    if resolver is None:
        await _refuse_wildcards(rpc, name)
        return None
    try:
        return await _address(rpc, resolver, ADDR + node)
    except CallReverted:
        raise NotSupported(_KEPT_ELSEWHERE) from None


async def _refuse_wildcards(rpc: Rpc, name: str) -> None:
    """Raise ``NotSupported`` if a parent of a name without a resolver may answer for it (ENSIP-10, "Wildcard")."""
    _, _, parent = name.partition(".")
    while "." in parent:
        resolver = await _address(rpc, REGISTRY, RESOLVER + namehash(parent))
        if resolver is not None:
            if await _is_extended(rpc, resolver):
                raise NotSupported(_KEPT_ELSEWHERE)
            return
        _, _, parent = parent.partition(".")


async def _is_extended(rpc: Rpc, resolver: str) -> bool:
    try:
        answer = await _call(rpc, resolver, SUPPORTS_INTERFACE + EXTENDED_RESOLVER.ljust(WORD, b"\0"))
    except CallReverted:
        return False
    return word_at(answer) == 1


async def _address(rpc: Rpc, contract: str, data: bytes) -> str | None:
    """Return the address that a call gives; None for the zero address, and where no contract stands."""
    answer = await _call(rpc, contract, data)
    if not answer:
        return None
    address = address_in("0x" + answer.hex()) if len(answer) == WORD else None
    if address is None:
        raise CouldNotLook(f"{rpc.shown} gave something that is no address.")
    return None if address == ZERO_ADDRESS else checksummed(address)


async def _call(rpc: Rpc, contract: str, data: bytes) -> bytes:
    return rpc.as_bytes(await rpc.ask("eth_call", {"to": contract, "data": "0x" + data.hex()}, "latest"))
