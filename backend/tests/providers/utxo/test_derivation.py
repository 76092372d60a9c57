"""Public derivation and addresses against the vectors that the standards publish."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.catalog.chains import get_chain
from kryptos.catalog.encodings import decode_base58check, decode_segwit
from kryptos.providers.chains.utxo.chain import chain_of_row
from kryptos.providers.chains.utxo.derivation import HARDENED, ExtendedKey, extended_key_of
from kryptos.providers.chains.utxo.ripemd160 import ripemd160
from kryptos.providers.chains.utxo.script_address import base58check, bech32_of_key_hash
from kryptos.providers.chains.utxo.wallet import branches_of, normalise_address
from kryptos.providers.contracts import AddressInvalid
from tests.providers.utxo.reading import ADDRESS, ZPUB, bitcoin

XPUB = "xpub6BosfCnifzxcFwrSzQiqu2DBVTshkCXacvNsWGYJVVhhawA7d4R5WSWGFNbi8Aw6ZRc1brxMyWMzG3DSSSSoekkudhUd9yLb6qx39T9nMdj"
YPUB = "ypub6Ww3ibxVfGzLrAH1PNcjyAWenMTbbAosGNB6VvmSEgytSER9azLDWCxoJwW7Ke7icmizBMXrzBx9979FfaHxHcrArf3zbeJJJUZPf663zsP"


def key_in(text: str) -> ExtendedKey:
    payload = decode_base58check(text)
    assert payload is not None
    return extended_key_of(payload)


# BIP-32, test vectors 1 and 2: every step there that takes no private key.
BIP_32 = {
    "vector 1, m/0H/1": (
        "xpub68Gmy5EdvgibQVfPdqkBBCHxA5htiqg55crXYuXoQRKfDBFA1WEjWgP6LHhwBZeNK1VTsfTFUHCdrfp1bgwQ9xv5ski8PX9rL2dZXvgGDnw",
        1,
        "xpub6ASuArnXKPbfEwhqN6e3mwBcDTgzisQN1wXN9BJcM47sSikHjJf3UFHKkNAWbWMiGj7Wf5uMash7SyYq527Hqck2AxYysAA7xmALppuCkwQ",
    ),
    "vector 1, m/0H/1/2H/2": (
        "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5",
        2,
        "xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV",
    ),
    "vector 1, m/0H/1/2H/2/1000000000": (
        "xpub6FHa3pjLCk84BayeJxFW2SP4XRrFd1JYnxeLeU8EqN3vDfZmbqBqaGJAyiLjTAwm6ZLRQUMv1ZACTj37sR62cfN7fe5JnJ7dh8zL4fiyLHV",
        1_000_000_000,
        "xpub6H1LXWLaKsWFhvm6RVpEL9P4KfRZSW7abD2ttkWP3SSQvnyA8FSVqNTEcYFgJS2UaFcxupHiYkro49S8yGasTvXEYBVPamhGW6cFJodrTHy",
    ),
    "vector 2, m/0": (
        "xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB",
        0,
        "xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH",
    ),
}


@pytest.mark.parametrize("name", BIP_32)
def test_public_derivation_of_bip_32(name: str) -> None:
    parent, number, child = BIP_32[name]
    assert key_in(parent).child(number) == key_in(child)


@pytest.mark.parametrize("number", [-1, HARDENED, 2**32])
def test_hardened_numbers_take_a_private_key(number: int) -> None:
    with pytest.raises(ValueError, match="hardened"):
        key_in(XPUB).child(number)


# BIP-84, "Test vectors" (receive 0 and 1, change 0). SLIP-132, "Bitcoin Test Vectors" (m/44'/0'/0'/0/0 and
# m/49'/0'/0'/0/0 of the same words): BIP-44 publishes none, BIP-49 only for the test network (below).
ADDRESSES = {
    "BIP-84, receive 0": (ZPUB, 0, 0, ADDRESS),
    "BIP-84, receive 1": (ZPUB, 0, 1, "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g"),
    "BIP-84, change 0": (ZPUB, 1, 0, "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el"),
    "SLIP-132, BIP-44": (XPUB, 0, 0, "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA"),
    "SLIP-132, BIP-49": (YPUB, 0, 0, "37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf"),
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_addresses_of_accounts(name: str) -> None:
    account, branch, index, address = ADDRESSES[name]
    assert branches_of(normalise_address(account, bitcoin()), bitcoin())[branch].address(index) == address


def test_address_of_bip_49() -> None:
    """BIP-49's vector is of the test network: its hash is taken from the key there, and compared as a hash."""
    payload = decode_base58check("2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2")
    assert payload is not None
    key = bytes.fromhex("03a1af804ac108a8a51782198c2d034b28bf90c8803f5a53f76276fa69a4eae77f")
    program = b"\0\x14" + ripemd160(hashlib.sha256(key).digest())
    assert ripemd160(hashlib.sha256(program).digest()) == payload[1:]


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
        ("abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        ("message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
        ("1234567890" * 8, "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
    ],
)
def test_ripemd_as_its_authors_publish_it(text: str, digest: str) -> None:
    assert ripemd160(text.encode()).hex() == digest


@given(st.binary(min_size=1, max_size=60))
def test_base58check_reads_back(payload: bytes) -> None:
    assert decode_base58check(base58check(payload)) == payload


@given(st.binary(min_size=20, max_size=20))
def test_bech32_reads_back(digest: bytes) -> None:
    assert decode_segwit(bech32_of_key_hash("bc", digest), "bc") == (0, digest)


# ---------------------------------------------------------------- what a person types


@pytest.mark.parametrize("chain_id", ["ethereum", "solana"])
def test_chains_of_other_families_are_refused(chain_id: str) -> None:
    with pytest.raises(ValueError, match="no Bitcoin-like chain"):
        chain_of_row(get_chain(chain_id))


@pytest.mark.parametrize("text", [ADDRESS, ADDRESS.upper(), f" {ADDRESS}\n"])
def test_address_comes_back_in_one_form(text: str) -> None:
    assert normalise_address(text, bitcoin()) == ADDRESS


@pytest.mark.parametrize(
    "text", ["", ADDRESS[:-1], ZPUB[:-1], "0x" + "aa" * 20, "ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(AddressInvalid):
        normalise_address(text, bitcoin())


def test_private_key_is_refused_in_words() -> None:
    secret = (  # BIP-32, test vector 1
        "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi"
    )
    with pytest.raises(AddressInvalid, match="private key"):
        normalise_address(secret, bitcoin())
