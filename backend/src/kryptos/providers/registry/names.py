"""Names: the address that a name of ENS stands for, or in words why it cannot be told."""

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from kryptos.kernel.errors import Kind, KryptosError
from kryptos.kernel.mode import Mode
from kryptos.providers.contracts import CouldNotLook, NameReader, NotSupported
from kryptos.providers.registry.registry import Registry

BUDGET = timedelta(seconds=4)
_CHAIN = "ethereum"
_LABEL = re.compile(r"(?!.{2}--)[a-z0-9-]{1,63}")
"""What needs no normalisation but small letters; ENSIP-15 forbids two hyphens at the third place."""
_LONGEST = 253


class NameNotFound(KryptosError):
    """Nobody has the name, or it stands for no address."""

    code: ClassVar[str] = "NAME_NOT_FOUND"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    default_message: ClassVar[str] = (
        "This name stands for no Ethereum address. Check how it is written, or paste the address."
    )


class NameNotSupported(KryptosError):
    """A name that is not looked up here, whether it exists or not."""

    code: ClassVar[str] = "NAME_NOT_SUPPORTED"
    kind: ClassVar[Kind] = Kind.INVALID
    default_message: ClassVar[str] = (
        "Only names of ENS of plain letters, digits and hyphens are looked up, such as name.eth. Paste the address."
    )


class NameUnreachable(KryptosError):
    """Nobody answered in time: whether the name exists is not known."""

    code: ClassVar[str] = "NAME_UNREACHABLE"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    default_message: ClassVar[str] = (
        "The name could not be looked up: no Ethereum node answered. Try again in a moment, or paste the address."
    )


@dataclass(frozen=True, slots=True)
class ResolvedName:
    """A name as it was looked up, and its address with the checksum of EIP-55."""

    name: str
    address: str


async def resolve_name(
    registry: Registry, text: str, *, mode: Mode, budget: timedelta = BUDGET
) -> ResolvedName:
    """Ask Ethereum's nodes; raise ``NameNotFound``, ``NameNotSupported`` or ``NameUnreachable``."""
    if mode is Mode.SANDBOX:
        raise NameNotSupported(
            "This app is in sandbox mode, where no name is looked up. Use the test address or choose a test account."
        )
    name = text.strip().lower()
    labels = name.split(".")
    # Some letters of other alphabets become plain ones when they are made small.
    is_plain = text.isascii() and len(name) <= _LONGEST and all(map(_LABEL.fullmatch, labels))
    if not is_plain or len(labels) < 2:
        raise NameNotSupported
    seconds = max(1, budget // timedelta(seconds=1))
    try:
        async with asyncio.timeout(budget.total_seconds()), registry.probing:
            reader = registry.probe(_CHAIN, mode=mode, seconds=seconds)
            if not isinstance(reader, NameReader):
                raise NameNotSupported
            address = await reader.address_of_name(name)
    except NotSupported as error:
        raise NameNotSupported(error.message) from error
    except (CouldNotLook, TimeoutError) as error:
        raise NameUnreachable from error
    if address is None:
        raise NameNotFound
    return ResolvedName(name, address)
