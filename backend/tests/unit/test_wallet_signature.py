"""Signatures of wallets: those of an account's own key count in each documented form, and no others."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kryptos.catalog.curve import GENERATOR, ORDER, point_at, sum_of, times
from kryptos.domains.connect.engine.wallet_signature import is_signed
from tests.support.wallets import EvmWallet, SolanaWallet

TEXT = "Prove it.\nLine two."
WALLET = EvmWallet()
SOLANA = SolanaWallet()

# What a node (anvil 1.7.1) gave for `personal_sign` with the first of its well-known test accounts.
NODE_ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
NODE_SIGNATURE = (
    "0xa85f7b8e33b78efcc8c62558fafa2790f6cb68abe7b353d9f7e6e24274ed487d"
    "3fa9b8a88534471c5b2a49ca56b2b4b4791794127d92cafd65db0f529c1a5fe51b"
)


def signed(signature: str, text: str = TEXT, address: str = WALLET.address) -> bool:
    return is_signed(text, signature, family="evm", address=address)


def test_what_a_node_signs_counts() -> None:
    assert signed(NODE_SIGNATURE, address=NODE_ADDRESS)
    assert signed(NODE_SIGNATURE, address=NODE_ADDRESS.lower())
    assert not signed(NODE_SIGNATURE, text=TEXT + " ", address=NODE_ADDRESS)


def test_the_parity_is_written_in_four_ways_and_one_short_one() -> None:
    r, s, parity = WALLET.parts(TEXT)
    for last in (parity, 27 + parity):
        assert signed(f"0x{r:064x}{s:064x}{last:02x}")
    assert signed(f"0x{r:064x}{s | parity << 255:064x}"), "ERC-2098"


def refused() -> dict[str, str]:
    r, s, parity = WALLET.parts(TEXT)
    whole = WALLET.sign(TEXT)
    return {
        "empty": "",
        "no prefix": whole[2:],
        "another prefix": "0X" + whole[2:],
        "a byte too few": f"0x{r:064x}{s:064x}"[:-2],
        "a byte too many": whole + "00",
        "half a byte more": whole + "0",
        "no hexadecimal": whole[:-1] + "g",
        "a blank": whole + " ",
        "the other parity": f"0x{r:064x}{s:064x}{28 - parity:02x}",
        "the other parity, short": f"0x{r:064x}{s | (1 - parity) << 255:064x}",
        "a high s": f"0x{r:064x}{ORDER - s:064x}{28 - parity:02x}",
        "a high s with its own parity": f"0x{r:064x}{ORDER - s:064x}{27 + parity:02x}",
        "an unknown parity": f"0x{r:064x}{s:064x}{29 + parity:02x}",
        "a parity of EIP-155": f"0x{r:064x}{s:064x}{37 + parity:02x}",
        "r of nothing": f"0x{0:064x}{s:064x}{27 + parity:02x}",
        "s of nothing": f"0x{r:064x}{0:064x}{27 + parity:02x}",
        "r beyond the order": f"0x{ORDER + 1:064x}{s:064x}{27 + parity:02x}",
        "all zeros": "0x" + "00" * 65,
        "all ones": "0x" + "ff" * 65,
        "base64": base64.b64encode(bytes.fromhex(whole[2:])).decode(),
    }


@pytest.mark.parametrize("signature", refused().values(), ids=list(refused()))
def test_other_spellings_do_not_count(signature: str) -> None:
    assert not signed(signature)


def test_another_key_and_another_text_do_not_count() -> None:
    assert signed(WALLET.sign(TEXT))
    assert not signed(EvmWallet(8).sign(TEXT))
    assert not signed(WALLET.sign("Prove it."))
    assert not signed(WALLET.sign(TEXT), address=EvmWallet(8).address)


@settings(max_examples=300)
@given(at=st.integers(0, 519), secret=st.integers(1, 2**64))
def test_a_signature_with_one_bit_changed_never_counts(at: int, secret: int) -> None:
    wallet = EvmWallet(secret)
    raw = bytearray.fromhex(wallet.sign(TEXT)[2:])
    assert signed("0x" + raw.hex(), address=wallet.address)
    raw[at // 8] ^= 1 << at % 8
    assert not signed("0x" + raw.hex(), address=wallet.address)


@settings(max_examples=300)
@given(signature=st.binary(min_size=64, max_size=65))
def test_random_bytes_never_count(signature: bytes) -> None:
    assert not signed("0x" + signature.hex())
    encoded = base64.b64encode(signature).decode()
    assert not is_signed(TEXT, encoded, family="solana", address=SOLANA.address)


def test_solana() -> None:
    signature = SOLANA.sign(TEXT)
    assert is_signed(TEXT, signature, family="solana", address=SOLANA.address)
    for wrong in (
        signature.rstrip("="),
        signature + "\n",
        signature[:-4],
        "",
        "é",
        SolanaWallet(8).sign(TEXT),
    ):
        assert not is_signed(TEXT, wrong, family="solana", address=SOLANA.address)
    assert not is_signed(TEXT + " ", signature, family="solana", address=SOLANA.address)
    for address in (SolanaWallet(8).address, "", "0OIl", WALLET.address):
        assert not is_signed(TEXT, signature, family="solana", address=address)


@settings(max_examples=200)
@given(at=st.integers(0, 511))
def test_a_signature_of_solana_with_one_bit_changed_never_counts(at: int) -> None:
    raw = bytearray(base64.b64decode(SOLANA.sign(TEXT)))
    raw[at // 8] ^= 1 << at % 8
    assert not is_signed(TEXT, base64.b64encode(raw).decode(), family="solana", address=SOLANA.address)


# ---------------------------------------------------------------- the curve


@settings(max_examples=50)
@given(one=st.integers(0, ORDER), other=st.integers(0, ORDER))
def test_multiples_add_up(one: int, other: int) -> None:
    assert sum_of(times(one, GENERATOR), times(other, GENERATOR)) == times((one + other) % ORDER, GENERATOR)


def test_the_ends_of_the_curve() -> None:
    assert times(0, GENERATOR) is None
    assert times(ORDER, GENERATOR) is None
    assert sum_of(None, GENERATOR) == GENERATOR == sum_of(GENERATOR, None)
    assert point_at(GENERATOR[0], is_odd=bool(GENERATOR[1] % 2)) == GENERATOR
    assert point_at(5, is_odd=False) is None, "5³ + 7 is no square of the field"
