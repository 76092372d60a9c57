"""Recognition of addresses, by the published vectors of each format; a wrong checksum is never recognised."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos import catalog
from kryptos.catalog.encodings import decode_base58, decode_base58check
from kryptos.catalog.keccak import keccak256

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

# EIP-55, section "Test Cases"
EIP_55 = (
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
)
# EIP-1191, section "Test Cases", chain id 30
EIP_1191 = (
    "0x5aaEB6053f3e94c9b9a09f33669435E7ef1bEAeD",
    "0xFb6916095cA1Df60bb79ce92cE3EA74c37c5d359",
    "0xDBF03B407c01E7CD3cBea99509D93F8Dddc8C6FB",
    "0xD1220A0Cf47c7B9BE7a2e6ba89F429762E7B9adB",
)
# BIP-173 and BIP-350, sections "Test vectors", those of the main network
SEGWIT = (
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    "BC1SW50QGDZ25J",
    "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
)
# The same sections: what must be refused, and why
NO_SEGWIT = {
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd": "bech32 instead of bech32m",
    "BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL": "bech32 instead of bech32m",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh": "bech32m instead of bech32",
    "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4": "a sign that is not in the alphabet",
    "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R": "version 17",
    "bc1pw5dgrnzv": "a program of one byte",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav": "41 bytes",
    "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P": "version 0 with 16 bytes",
    "bc1gmk9yu": "no data",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8F3t4": "both capitals and small letters",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5": "a wrong checksum",
    "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx": "the test network",
}
# CashAddr specification, section "Examples of Address Translation"
CASHADDR = {
    "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu": "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    "1KXrWXciRDZUpQwQmuM1DbwsKDLYAYsVLR": "bitcoincash:qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy",
    "16w1D5WRVKJuZUsSRzdLp9w3YGcgoxDXb": "bitcoincash:qqq3728yw0y47sqn6l2na30mcw6zm78dzqre909m2r",
    "3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC": "bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq",
}
XPUB = (  # BIP-32, test vector 1, chain m
    "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8"
)
YPUB = (  # SLIP-132, section "Bitcoin Test Vectors", BIP-49
    "ypub6Ww3ibxVfGzLrAH1PNcjyAWenMTbbAosGNB6VvmSEgytSER9azLDWCxoJwW7Ke7icmizBMXrzBx9979FfaHxHcrArf3zbeJJJUZPf663zsP"
)
ZPUB = (  # BIP-84, section "Test vectors", account 0
    "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs"
)
XPRV = (  # BIP-32, test vector 1, chain m
    "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
)
# BIP-32, test vector 5, keys that are wrong although their checksum is right
NO_XPUB = {
    "xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6LBpB85b3D2yc8sfvZU521AAwdZafEz7mnzBBsz4wKY5fTtTQBm": (
        "a private key under the version of a public one"
    ),
    "xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Txnt3siSujt9RCVYsx4qHZGc62TG4McvMGcAUjeuwZdduYEvFn": (
        "a public key that begins with 04"
    ),
    "xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6N8ZMMXctdiCjxTNq964yKkwrkBJJwpzZS4HS2fxvyYUA4q2Xe4": (
        "a public key that begins with 01"
    ),
    "xpub661no6RGEX3uJkY4bNnPcw4URcQTrSibUZ4NqJEw5eBkv7ovTwgiT91XX27VbEXGENhYRCf7hyEbWrR3FewATdCEebj6znwMfQkhRYHRLpJ": (
        "a root with a parent"
    ),
    "xpub661MyMwAuDcm6CRQ5N4qiHKrJ39Xe1R1NyfouMKTTWcguwVcfrZJaNvhpebzGerh7gucBvzEQWRugZDuDXjNDRmXzSZe4c7mnTK97pTvGS8": (
        "a root with a number"
    ),
    "xpub661MyMwAqRbcEYS8w7XLSVeEsBXy79zSzH1J8vCdxAZningWLdN3zgtU6Q5JXayek4PRsn35jii4veMimro1xefsM58PgBMrvdYre8QyULY": (
        "a point that is not on the curve"
    ),
}
# The first two as in the Bitcoin Wiki ("Invoice address"); the others vouch for themselves by their checksums
UTXO = {
    "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2": ("bitcoin", "bitcoin-cash"),
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy": ("bitcoin", "bitcoin-cash", "litecoin"),
    "LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9": ("litecoin",),
    "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9": ("litecoin",),
    "DDTtqnuZ5kfRT5qh2c7sNtqrJmV3iXYdGG": ("dogecoin",),
    "XpESxaUmonkq8RaLLp46Brx2K39ggQe226": ("dash",),
    "t3Vz22vK5z2LcKEdg16Yv4FFneEL1zg9ojd": ("zcash",),
}
# Solana documentation: programs and the mints of wrapped SOL and USDC
SOLANA = (
    "11111111111111111111111111111111",
    "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
    "So11111111111111111111111111111111111111112",
    "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
)


@pytest.mark.parametrize("address", EIP_55)
def test_evm_addresses(address: str) -> None:
    for text in (address, address.lower(), "0x" + address[2:].upper(), f"  {address}\n"):
        (reading,) = catalog.recognise_address(text)
        assert (reading.family, reading.kind, reading.chains) == ("evm", "address", ())
        assert reading.address == address.lower()


@pytest.mark.parametrize("address", EIP_1191)
def test_an_evm_address_with_one_chains_checksum(address: str) -> None:
    (reading,) = catalog.recognise_address(address)
    assert (reading.family, reading.chains) == ("evm", ("rootstock",))


@given(address=st.sampled_from(EIP_55[:4]), at=st.integers(2, 41))
def test_an_evm_address_with_one_letter_in_the_wrong_case(address: str, at: int) -> None:
    wrong = address[:at] + address[at].swapcase() + address[at + 1 :]
    assert catalog.families_of_address(wrong) == (("evm",) if wrong == address else ())


@pytest.mark.parametrize("address", SEGWIT)
def test_segwit_addresses(address: str) -> None:
    (reading,) = catalog.recognise_address(address)
    assert (reading.family, reading.chains, reading.address) == ("utxo", ("bitcoin",), address.lower())


@pytest.mark.parametrize("address", NO_SEGWIT, ids=NO_SEGWIT.values())
def test_what_segwit_refuses(address: str) -> None:
    assert catalog.recognise_address(address) == ()


@given(st.sampled_from([*SEGWIT, "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"]), st.data())
def test_a_segwit_address_with_one_sign_changed(address: str, data: st.DataObject) -> None:
    address = address.lower()
    at = data.draw(st.integers(address.index("1") + 1, len(address) - 1))
    other = data.draw(st.sampled_from([sign for sign in BASE32 if sign != address[at]]))
    assert catalog.recognise_address(address[:at] + other + address[at + 1 :]) == ()


@pytest.mark.parametrize(("legacy", "address"), CASHADDR.items())
def test_cashaddr_addresses(legacy: str, address: str) -> None:
    for text in (address, address.upper(), address.partition(":")[2]):
        (reading,) = catalog.recognise_address(text)
        assert (reading.chains, reading.address) == (("bitcoin-cash",), address)
    assert "bitcoin-cash" in catalog.recognise_address(legacy)[0].chains
    assert catalog.recognise_address(address.replace("bitcoincash", "bchtest")) == ()


@given(st.sampled_from(sorted(CASHADDR.values())), st.data())
def test_a_cashaddr_address_with_one_sign_changed(address: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(address.index(":") + 1, len(address) - 1))
    other = data.draw(st.sampled_from([sign for sign in BASE32 if sign != address[at]]))
    assert catalog.recognise_address(address[:at] + other + address[at + 1 :]) == ()


@pytest.mark.parametrize(("address", "chains"), UTXO.items())
def test_addresses_of_chains_like_bitcoin(address: str, chains: tuple[str, ...]) -> None:
    (reading,) = catalog.recognise_address(address)
    assert (reading.family, reading.kind, reading.chains) == ("utxo", "address", chains)


@given(st.sampled_from([*(each for each in UTXO if "1q" not in each), XPUB, YPUB, ZPUB]), st.data())
def test_a_base58check_text_with_one_sign_changed(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([sign for sign in BASE58 if sign != text[at]]))
    assert "utxo" not in catalog.families_of_address(text[:at] + other + text[at + 1 :])


@pytest.mark.parametrize(
    ("text", "script_type", "chains"),
    [
        (XPUB, "p2pkh", {"bitcoin", "bitcoin-cash", "dash", "dogecoin", "litecoin", "zcash"}),
        (YPUB, "p2sh-p2wpkh", {"bitcoin"}),
        (ZPUB, "p2wpkh", {"bitcoin", "litecoin"}),
    ],
)
def test_extended_public_keys(text: str, script_type: str, chains: set[str]) -> None:
    (reading,) = catalog.recognise_address(text)
    assert (reading.kind, reading.script_type, set(reading.chains)) == ("extended_key", script_type, chains)


@pytest.mark.parametrize("text", NO_XPUB, ids=NO_XPUB.values())
def test_extended_keys_that_are_wrong(text: str) -> None:
    assert decode_base58check(text) is not None
    assert catalog.recognise_address(text) == ()


def test_a_private_key_is_never_recognised() -> None:
    """BIP-32's, and one of the Bitcoin Wiki's ("Wallet import format")."""
    for secret in (XPRV, "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "0x" + "ab" * 32):
        assert catalog.recognise_address(secret) == ()


@pytest.mark.parametrize("address", SOLANA)
def test_solana_addresses(address: str) -> None:
    (reading,) = catalog.recognise_address(address)
    assert (reading.family, reading.address) == ("solana", address)


def test_the_two_addresses_of_the_sandbox() -> None:
    """K-192."""
    assert catalog.families_of_address("0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa") == ("evm",)
    assert catalog.families_of_address("2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1") == ("solana",)


@given(st.binary(min_size=32, max_size=32))
def test_any_32_bytes_are_an_address_of_solana(raw: bytes) -> None:
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    text = "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text
    assert decode_base58(text) == raw
    assert catalog.families_of_address(text) == ("solana",)


@given(st.text(max_size=140))
def test_any_text_has_an_answer(text: str) -> None:
    assert isinstance(catalog.recognise_address(text), tuple)


@pytest.mark.parametrize(
    ("data", "digest"),
    [  # the Keccak team's ShortMsgKAT_256, lengths 0 and 8
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"\xcc", "eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a"),
    ],
)
def test_keccak(data: bytes, digest: str) -> None:
    assert keccak256(data).hex() == digest


@pytest.mark.parametrize(
    ("length", "digest"),
    [  # as viem's keccak256 has them; a block is 136 bytes
        (136, "782165b181823a770bd1c5d6c0b5e7c5f1b53e91da289c27b3622c49fcb91402"),
        (273, "ff9c6e900bb5a1b6a55abffc97ee8e56702d25abfcaa55e5c69dd3f8d2772e0d"),
    ],
)
def test_keccak_over_several_blocks(length: int, digest: str) -> None:
    assert keccak256(b"\1" * length).hex() == digest
