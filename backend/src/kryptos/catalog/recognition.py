"""Recognition: which chains a text can be an address on. Checksums are checked; nobody is asked."""

import re
from typing import Literal

import msgspec

from kryptos.catalog.chains import AddressFormat, ScriptType, list_chains
from kryptos.catalog.curve import point_at
from kryptos.catalog.encodings import decode_base58, decode_base58check, decode_cashaddr, decode_segwit
from kryptos.catalog.families import FAMILIES, Family
from kryptos.catalog.keccak import keccak256

_LONGEST = 128
"""Signs in the longest text that is looked at: an extended key has 111."""

_EVM = re.compile(r"0x[0-9a-fA-F]{40}")
_CHECKSUMMED_BY_CHAIN = (30,)
"""Chains whose wallets mix their chain id into the checksum (EIP-1191): Rootstock."""


class AddressReading(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a text can mean. ``chains`` is empty where it means an account on every chain of the family.

    ``kind`` is ``extended_key`` for a BIP-32 public key, whose addresses are of ``script_type``.
    """

    family: Family
    kind: Literal["address", "extended_key"]
    address: str
    chains: tuple[str, ...] = ()
    script_type: ScriptType | None = None


def families_of_address(text: str) -> tuple[Family, ...]:
    """Return the families that a text can be an address or an extended public key of, or ()."""
    found = {reading.family for reading in recognise_address(text)}
    return tuple(family for family in FAMILIES if family in found)


def recognise_address(text: str) -> tuple[AddressReading, ...]:
    """Return all that a text can mean: spaces around it do not count; a private key is never recognised.

    Addresses come back as they are stored: hexadecimal ones in lower case, bech32 and cashaddr ones too.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or not text.isascii():
        return ()
    return (*_evm(text), *_solana(text), *_utxo(text))


def _evm(text: str) -> tuple[AddressReading, ...]:
    """Recognise an address of 20 bytes; where capitals are mixed they are its checksum (EIP-55)."""
    if not _EVM.fullmatch(text):
        return ()
    address = text.lower()
    digits = text[2:]
    if digits in {digits.lower(), digits.upper()} or text == checksum_address(address):
        return (AddressReading(family="evm", kind="address", address=address),)
    for chain_id in _CHECKSUMMED_BY_CHAIN:
        if text == checksum_address(address, chain_id=chain_id):
            chains = tuple(chain.id for chain in list_chains() if chain.chain_id == chain_id)
            return (AddressReading(family="evm", kind="address", address=address, chains=chains),)
    return ()


def checksum_address(address: str, *, chain_id: int | None = None) -> str:
    """Return a hexadecimal address with capitals as a checksum (EIP-55), or with that of one chain (EIP-1191)."""
    digits = address[2:].lower()
    hashed = digits if chain_id is None else f"{chain_id}0x{digits}"
    digest = keccak256(hashed.encode()).hex()
    return "0x" + "".join(
        digit.upper() if int(nibble, 16) >= 8 else digit
        for digit, nibble in zip(digits, digest, strict=False)
    )


def _solana(text: str) -> tuple[AddressReading, ...]:
    """Recognise a public key or a derived address: 32 bytes in base58. There is no checksum."""
    raw = decode_base58(text) if 32 <= len(text) <= 44 else None
    if raw is None or len(raw) != 32:
        return ()
    return (AddressReading(family="solana", kind="address", address=text),)


def _utxo(text: str) -> tuple[AddressReading, ...]:
    payload = decode_base58check(text)
    readings: dict[tuple[str, str, ScriptType | None], list[str]] = {}
    for chain in list_chains():
        if chain.address_format is None:
            continue
        script_type = _extended_key(payload, chain.address_format)
        if script_type:
            readings.setdefault(("extended_key", text, script_type), []).append(chain.id)
        elif address := _utxo_address(text, payload, chain.address_format):
            readings.setdefault(("address", address, None), []).append(chain.id)
    return tuple(
        AddressReading(
            family="utxo",
            kind="extended_key" if kind == "extended_key" else "address",
            address=address,
            chains=tuple(chains),
            script_type=script_type,
        )
        for (kind, address, script_type), chains in readings.items()
    )


def _utxo_address(text: str, payload: bytes | None, form: AddressFormat) -> str | None:
    """Return the canonical form of an address of a chain: a version and a hash of 20 bytes, bech32 or cashaddr."""
    if payload is not None:
        version, content = payload[:-20].hex(), payload[-20:]
        return text if version in form.base58_versions and len(content) == 20 else None
    if form.bech32_prefix and decode_segwit(text, form.bech32_prefix):
        return text.lower()
    if form.cashaddr_prefix and decode_cashaddr(text, form.cashaddr_prefix):
        return f"{form.cashaddr_prefix}:{text.lower().removeprefix(f'{form.cashaddr_prefix}:')}"
    return None


def _extended_key(payload: bytes | None, form: AddressFormat) -> ScriptType | None:
    """Return what addresses a public extended key makes on a chain; None if it is no such key.

    BIP-32: version 4, depth 1, fingerprint of the parent 4, number 4, chain code 32, public key 33 bytes. Versions
    other than BIP-32's own are those of BIP-49, BIP-84 and SLIP-132.
    """
    if payload is None or len(payload) != 78:
        return None
    script_type = form.extended_keys.get(payload[:4].hex())
    is_root = payload[4] == 0
    has_parent = any(payload[5:13])
    if script_type is None or (is_root and has_parent) or not _is_public_key(payload[45:]):
        return None
    return script_type


def _is_public_key(key: bytes) -> bool:
    """Say whether 33 bytes are a compressed point of secp256k1 (SEC 1, section 2.3.4)."""
    return key[0] in {2, 3} and point_at(int.from_bytes(key[1:], "big"), is_odd=key[0] == 3) is not None
