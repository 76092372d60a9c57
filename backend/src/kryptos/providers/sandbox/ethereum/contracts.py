"""Contracts of the world: what each answers to a call. No code is run; answers come from the table of deeds."""

import base64
import json
from collections.abc import Callable, Mapping

from kryptos.providers.sandbox.chance import digest, number
from kryptos.providers.sandbox.ethereum.abi import address_at, calls_in, number_at, results, text, uint
from kryptos.providers.sandbox.ethereum.assets import (
    ASSETS,
    COLLECTIONS,
    MULTICALL3,
    UNI_V2,
    WETH,
    Collection,
)
from kryptos.providers.sandbox.ethereum.chain import Chain
from kryptos.providers.sandbox.ethereum.deeds import NOBODY
from kryptos.providers.sandbox.quantities import Asset


class Reverted(Exception):
    """The contract refuses the call."""


Answer = Callable[[Chain, bytes, int], bytes]
"""Takes the chain, the arguments and the block; gives what is returned, or raises ``Reverted`` or ``ValueError``."""

_ERC165 = "01ffc9a7"
_ERC721 = "80ac58cd"
_ERC721_METADATA = "5b5e139f"


def call(chain: Chain, contract: str, data: bytes, height: int) -> bytes:
    """Return what a contract returns; nothing where there is no contract."""
    if contract == MULTICALL3:
        return _multicall(chain, data, height)
    answers = _ANSWERS.get(contract)
    if answers is None:
        return b""
    answer = answers.get(data[:4].hex())
    if answer is None:
        raise Reverted
    try:
        return answer(chain, data[4:], height)
    except ValueError as error:
        raise Reverted from error


def _multicall(chain: Chain, data: bytes, height: int) -> bytes:
    selector, arguments = data[:4].hex(), data[4:]
    try:
        if selector == "82ad56cb":  # aggregate3((address,bool,bytes)[])
            return results([_part(chain, *each, height) for each in calls_in(arguments)])
        if selector == "4d2301cc":  # getEthBalance(address)
            held = chain.wei.get(address_at(arguments, 0))
            return uint(held.at(height) if held else 0)
        if selector == "42cbb15c":  # getBlockNumber()
            return uint(height)
    except ValueError as error:
        raise Reverted from error
    raise Reverted


def _part(chain: Chain, target: str, may_fail: bool, data: bytes, height: int) -> bytes | None:  # noqa: FBT001  # the order of the contract's own tuple
    try:
        return call(chain, target, data, height)
    except Reverted:
        if may_fail:
            return None
        raise


def _balance_of(contract: str) -> Answer:
    def answer(chain: Chain, arguments: bytes, height: int) -> bytes:
        held = chain.tokens.get((contract, address_at(arguments, 0)))
        return uint(held.at(height) if held else 0)

    return answer


def _always(returned: bytes) -> Answer:
    return lambda *_: returned


def _token(contract: str, asset: Asset) -> Mapping[str, Answer]:
    supply = number(10**7, 10**9, "supply", contract) * 10**asset.decimals
    return {
        "70a08231": _balance_of(contract),
        "313ce567": _always(uint(asset.decimals)),
        "95d89b41": _always(text(asset.own_symbol or asset.symbol)),
        "06fdde03": _always(text(asset.name)),
        "18160ddd": _always(uint(supply)),
    }


def _pool(contract: str) -> Mapping[str, Answer]:
    """Uniswap's pool: besides its shares it tells its two tokens and how much of each it holds."""
    usdc, weth = ASSETS["USDC"].contract or "", WETH.contract or ""
    reserves = uint(26_850_000 * 10**6) + uint(10_000 * 10**18) + uint(0)
    return {
        **_token(contract, UNI_V2),
        "18160ddd": _always(uint(493_500 * 10**12)),
        "0dfe1681": _always(uint(int(usdc, 16))),  # token0()
        "d21220a7": _always(uint(int(weth, 16))),  # token1()
        "0902f1ac": _always(reserves),  # getReserves()
    }


def _collection(collection: Collection) -> Mapping[str, Answer]:
    def owner_of(chain: Chain, arguments: bytes, height: int) -> bytes:
        token = number_at(arguments, 0)
        owner = NOBODY
        for since, taker in chain.owners.get((collection.contract, token), ()):
            owner = taker if since <= height else owner
        if owner == NOBODY:
            raise Reverted
        return uint(int(owner, 16))

    def token_uri(_: Chain, arguments: bytes, __: int) -> bytes:
        return text(_metadata(collection, number_at(arguments, 0)))

    def supports(_: Chain, arguments: bytes, __: int) -> bytes:
        return uint(int(arguments[:4].hex() in {_ERC165, _ERC721, _ERC721_METADATA}))

    return {
        "70a08231": _balance_of(collection.contract),
        "95d89b41": _always(text(collection.symbol)),
        "06fdde03": _always(text(collection.name)),
        "6352211e": owner_of,
        "c87b56dd": token_uri,
        _ERC165: supports,
    }


def _metadata(collection: Collection, token: int) -> str:
    """Return the collectible's description, picture included: nobody has to be asked for either."""
    hue = digest("hue", collection.symbol, token)[0] * 360 // 256
    picture = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'>"
        f"<rect width='64' height='64' fill='hsl({hue} 60% 82%)'/>"
        f"<circle cx='32' cy='32' r='{12 + hue % 12}' fill='hsl({hue} 60% 42%)'/></svg>"
    )
    description = {
        "name": f"{collection.name} #{token}",
        "description": "A collectible of the sandbox: it exists nowhere else.",
        "image": "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode(),
    }
    return "data:application/json;base64," + base64.b64encode(json.dumps(description).encode()).decode()


_ANSWERS: Mapping[str, Mapping[str, Answer]] = {
    **{asset.contract: _token(asset.contract, asset) for asset in ASSETS.values() if asset.contract},
    UNI_V2.contract or "": _pool(UNI_V2.contract or ""),
    **{collection.contract: _collection(collection) for collection in COLLECTIONS.values()},
}
"""Contract -> selector -> answer."""
