"""Detection: on which chains an address was ever used, told within a time whatever the servers do."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from kryptos.catalog import recognise_address
from kryptos.kernel.errors import KryptosError
from kryptos.kernel.mode import Mode
from kryptos.providers.contracts import AddressInvalid
from kryptos.providers.registry.registry import Registry

BUDGET = timedelta(milliseconds=2_500)
_BEGUN_AT_ONCE = 16
_UNRANKED = 1_000_000
_EVM_LIKE = re.compile(r"0x[0-9a-fA-F]{40}")


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found out. Every chain that the address can be on is found, silent about it, or unreachable."""

    found: tuple[str, ...]
    """Chains on which the address was used, the best known first."""
    unreachable: tuple[str, ...]
    """Chains that gave no answer in time: nothing is known about them."""
    looked: int
    """How many chains answered."""


async def detect_chains(
    registry: Registry, address: str, *, mode: Mode, budget: timedelta = BUDGET
) -> Detection:
    """Ask every chain that the text can be an address of, many side by side; raise ``AddressInvalid``.

    Chains that have not answered when the budget is spent count as unreachable.
    """
    candidates = _candidates(registry, address, mode)
    answers: dict[str, bool] = {}

    async def look(chain_id: str, at: str) -> None:
        async with registry.probing:
            try:
                probe = registry.probe(chain_id, mode=mode, seconds=max(1, budget // timedelta(seconds=1)))
                answers[chain_id] = await probe.has_activity(at)
            except KryptosError:
                return  # without an answer: unreachable

    try:
        async with asyncio.timeout(budget.total_seconds()), asyncio.TaskGroup() as group:
            for number, (chain_id, at) in enumerate(candidates.items(), 1):
                group.create_task(look(chain_id, at))
                if number % _BEGUN_AT_ONCE == 0:
                    await asyncio.sleep(0)  # the loop has other work as well
    except TimeoutError:
        pass  # what answered until now is known
    return Detection(
        found=tuple(chain_id for chain_id in candidates if answers.get(chain_id)),
        unreachable=tuple(chain_id for chain_id in candidates if chain_id not in answers),
        looked=len(answers),
    )


def _candidates(registry: Registry, text: str, mode: Mode) -> Mapping[str, str]:
    """Return the address as each chain writes it, by chain, the best known first."""
    readings = recognise_address(text)
    if not readings:
        raise AddressInvalid(_advice(text))
    rows = sorted(registry.chains(mode=mode), key=lambda row: (row.rank or _UNRANKED, row.id))
    return {
        row.id: reading.address
        for row in rows
        for reading in readings
        if row.family == reading.family and (not reading.chains or row.id in reading.chains)
    }


def _advice(text: str) -> str:
    if _EVM_LIKE.fullmatch(text.strip()):
        return (
            "The capitals in this address are a checksum, and it is wrong: a sign is mistyped. Copy it again."
        )
    return (
        "This is no address that can be read. It takes a public address, such as 0x… with 40 hexadecimal digits "
        "(Ethereum and its like), 32 to 44 letters and digits (Solana), or one of a Bitcoin-like chain or its extended "
        "public key (xpub…). Copy it whole from the wallet. Never enter a private key or recovery words."
    )
