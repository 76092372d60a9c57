"""Keccak-256 as Ethereum uses it: the padding differs from SHA3-256 (FIPS 202), so hashlib's will not do.

Some forty lines against a compiled dependency in every process; an address costs a millisecond at most.
Source: the Keccak reference, version 3.0, sections 1.2 (permutation) and 2 (sponge).
"""

_LANE = (1 << 64) - 1
_RATE = 136  # bytes: 1600 bits less twice 256


def _round_constants() -> tuple[int, ...]:
    """Return the constants of the 24 rounds, from the linear feedback register that defines them."""
    constants = []
    register = 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return tuple(constants)


_ROUNDS = _round_constants()


def _rotate(lane: int, by: int) -> int:
    return ((lane << by) | (lane >> (64 - by))) & _LANE


def _permute(lanes: list[int]) -> list[int]:
    """Apply Keccak-f[1600]; lane (x, y) stands at x + 5·y."""
    for constant in _ROUNDS:
        parity = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        effect = [parity[x - 1] ^ _rotate(parity[(x + 1) % 5], 1) for x in range(5)]
        lanes = [lane ^ effect[index % 5] for index, lane in enumerate(lanes)]
        x, y, current = 1, 0, lanes[1]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            offset = (step + 1) * (step + 2) // 2 % 64
            lanes[x + 5 * y], current = _rotate(current, offset), lanes[x + 5 * y]
        lanes = [
            lanes[index]
            ^ (~lanes[index - index % 5 + (index + 1) % 5] & lanes[index - index % 5 + (index + 2) % 5])
            for index in range(25)
        ]
        lanes[0] ^= constant
    return lanes


def keccak256(data: bytes) -> bytes:
    """Return the hash of some bytes, 32 bytes."""
    padding = bytearray(_RATE - len(data) % _RATE)
    padding[0] |= 0x01
    padding[-1] |= 0x80
    padded = data + padding
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE):
        for index in range(_RATE // 8):
            at = start + 8 * index
            lanes[index] ^= int.from_bytes(padded[at : at + 8], "little")
        lanes = _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
