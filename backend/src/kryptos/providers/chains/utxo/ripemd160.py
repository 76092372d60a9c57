"""RIPEMD-160: OpenSSL may lack it (FIPS, 3.0 without its legacy part), and every address with a key's hash needs it.

Source: H. Dobbertin, A. Bosselaers, B. Preneel, *RIPEMD-160: A Strengthened Version of RIPEMD*, 1996.
"""

_MASK = 0xFFFFFFFF
_LEFT_WORDS = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8),
    (3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12),
    (1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2),
    (4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13),
)
_RIGHT_WORDS = (
    (5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12),
    (6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2),
    (15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13),
    (8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14),
    (12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11),
)
_LEFT_TURNS = (
    (11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8),
    (7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12),
    (11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5),
    (11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12),
    (9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6),
)
_RIGHT_TURNS = (
    (8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6),
    (9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11),
    (9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5),
    (15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8),
    (8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11),
)
_LEFT_ADDENDS = (0, 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xA953FD4E)
_RIGHT_ADDENDS = (0x50A28BE6, 0x5C4DD124, 0x6D703EF3, 0x7A6D76E9, 0)

_State = tuple[int, int, int, int, int]
_START: _State = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)


def ripemd160(data: bytes) -> bytes:
    """Return the digest of some bytes."""
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "little")
    state = _START
    for at in range(0, len(padded), 64):
        words = [int.from_bytes(padded[at + each : at + each + 4], "little") for each in range(0, 64, 4)]
        left, right = state, state
        for step in range(5):
            left = _round(left, words, step, (_LEFT_WORDS, _LEFT_TURNS, _LEFT_ADDENDS), step)
            right = _round(right, words, 4 - step, (_RIGHT_WORDS, _RIGHT_TURNS, _RIGHT_ADDENDS), step)
        a, b, c, d, e = state
        state = (
            (b + left[2] + right[3]) & _MASK,
            (c + left[3] + right[4]) & _MASK,
            (d + left[4] + right[0]) & _MASK,
            (e + left[0] + right[1]) & _MASK,
            (a + left[1] + right[2]) & _MASK,
        )
    return b"".join(part.to_bytes(4, "little") for part in state)


_Tables = tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...], tuple[int, ...]]


def _round(state: _State, words: list[int], mix: int, tables: _Tables, step: int) -> _State:
    """Return the state after sixteen steps with one function and one addend."""
    order, turns, addends = tables
    a, b, c, d, e = state
    for word, turn in zip(order[step], turns[step], strict=True):
        total = (a + _mixed(mix, b, c, d) + words[word] + addends[step]) & _MASK
        turned = (total << turn | total >> (32 - turn)) + e & _MASK
        a, e, d, c, b = e, d, (c << 10 | c >> 22) & _MASK, b, turned
    return a, b, c, d, e


def _mixed(kind: int, x: int, y: int, z: int) -> int:
    if kind == 0:
        return x ^ y ^ z
    if kind == 1:
        return (x & y) | (~x & z)
    if kind == 2:
        return (x | ~y) ^ z
    if kind == 3:
        return (x & z) | (y & ~z)
    return x ^ (y | ~z)
