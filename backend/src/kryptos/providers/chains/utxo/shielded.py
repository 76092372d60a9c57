"""Shielded value of a Zcash transaction: how much came out of pools, or went into them, read from its bytes.

Source: Zcash protocol specification, section 7.1 (versions 1 to 5); ZIP-225 for version 5. The amounts between
transparent value and the pools are public; only what happens inside of a pool is not.
"""

from dataclasses import dataclass

_OVERWINTERED = 1 << 31
_SPROUT_BYTES = {2: 1802, 3: 1802, 4: 1698}
"""Size of a JoinSplit description by version: from version 4 on its proof is shorter."""


@dataclass(frozen=True, slots=True)
class PoolFlow:
    """``units`` came out of pools; below zero they went in."""

    units: int
    is_shielded: bool
    """Whether there is a shielded part at all, be its sum zero."""
    inputs: int
    outputs: int


class _Reader:
    """Takes bytes from the front; raises ``ValueError`` behind the end."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def take(self, size: int) -> bytes:
        part = self._raw[self._at : self._at + size]
        if len(part) < size:
            raise ValueError("it ends too early")
        self._at += size
        return part

    def number(self, size: int, *, is_signed: bool = False) -> int:
        return int.from_bytes(self.take(size), "little", signed=is_signed)

    def count(self) -> int:
        """Return a CompactSize."""
        first = self.number(1)
        return first if first < 0xFD else self.number({0xFD: 2, 0xFE: 4, 0xFF: 8}[first])


def pool_flow(text: str) -> PoolFlow | None:
    """Return the flow of a transaction in hexadecimal; None for one that is of no known form."""
    try:
        return _flow(_Reader(bytes.fromhex(text)))
    except ValueError:
        return None


def _flow(reader: _Reader) -> PoolFlow:
    header = reader.number(4)
    version = header & ~_OVERWINTERED
    is_known = version in {3, 4, 5} if header & _OVERWINTERED else version in {1, 2}
    if not is_known:
        raise ValueError("a version that is not known")
    if header & _OVERWINTERED:
        reader.take(4)  # the version's group
    if version == 5:
        reader.take(4 + 4 + 4)  # branch, lock time, expiry
    inputs, outputs = _transparent(reader)
    if version == 5:
        sapling, orchard = _sapling_of_version_5(reader), _orchard(reader)
        parts = [part for part in (sapling, orchard) if part is not None]
    else:
        reader.take({1: 4, 2: 4}.get(version, 8))  # lock time, and expiry since version 3
        parts = [*_sapling_of_version_4(reader)] if version == 4 else []
        parts += _sprout(reader, version) if version > 1 else []
    return PoolFlow(sum(parts), bool(parts), inputs, outputs)


def _transparent(reader: _Reader) -> tuple[int, int]:
    inputs = reader.count()
    for _ in range(inputs):
        reader.take(32 + 4)
        reader.take(reader.count())
        reader.take(4)
    outputs = reader.count()
    for _ in range(outputs):
        reader.take(8)
        reader.take(reader.count())
    return inputs, outputs


def _sapling_of_version_4(reader: _Reader) -> list[int]:
    balance = reader.number(8, is_signed=True)
    spends = reader.count()
    reader.take(384 * spends)
    outputs = reader.count()
    reader.take(948 * outputs)
    return [balance] if spends or outputs else []


def _sprout(reader: _Reader, version: int) -> list[int]:
    flows = []
    for _ in range(reader.count()):
        went_in, came_out = reader.number(8), reader.number(8)
        reader.take(_SPROUT_BYTES[version] - 16)
        flows.append(came_out - went_in)
    return flows


def _sapling_of_version_5(reader: _Reader) -> int | None:
    spends = reader.count()
    reader.take(96 * spends)
    outputs = reader.count()
    reader.take(756 * outputs)
    if not spends and not outputs:
        return None
    balance = reader.number(8, is_signed=True)
    reader.take((32 if spends else 0) + (192 + 64) * spends + 192 * outputs + 64)
    return balance


def _orchard(reader: _Reader) -> int | None:
    actions = reader.count()
    if not actions:
        return None
    reader.take(820 * actions + 1)
    return reader.number(8, is_signed=True)
