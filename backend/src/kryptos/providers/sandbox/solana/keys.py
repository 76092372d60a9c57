"""Keys on Solana: 32 bytes in base58, those of the programs, and those that follow from a name."""

from functools import cache

from kryptos.providers.sandbox.chance import digest

SYSTEM_PROGRAM = "11111111111111111111111111111111"
TOKEN_PROGRAM = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"  # noqa: S105  # a published program's address
TOKEN_2022_PROGRAM = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"  # noqa: S105  # the same
TOKEN_ACCOUNT_PROGRAM = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"  # noqa: S105  # the same
STAKE_PROGRAM = "Stake11111111111111111111111111111111111111"
JUPITER = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4"
"""Jupiter's swap program."""
COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111"

_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS = 58 * 58
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}


def base58(raw: bytes) -> str:
    """Return bytes as a base58 text."""
    number = int.from_bytes(raw, "big")
    letters = ""
    while number:
        number, pair = divmod(number, _PAIRS)
        letters = _LETTERS[pair // 58] + _LETTERS[pair % 58] + letters
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + letters.lstrip("1")


def key_bytes(text: str) -> bytes:
    """Return the bytes of a base58 text; raise ``ValueError`` for another text."""
    number = 0
    for letter in text:
        if letter not in _VALUES:
            raise ValueError("no base58")
        number = number * 58 + _VALUES[letter]
    return bytes(len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")


@cache
def invented_key(*names: str) -> str:
    """Return an address that belongs to a name and to nobody: its hash."""
    return base58(digest("kryptos sandbox", "solana", *names))


@cache
def token_account_of(owner: str, mint: str) -> str:
    """Return the account in which an owner holds a token."""
    return invented_key("token account", owner, mint)
