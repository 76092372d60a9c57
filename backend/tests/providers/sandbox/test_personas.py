"""Personas and typed addresses: who may be chosen and typed, and that nobody real is among them."""

import subprocess
import sys

import pytest

from kryptos.catalog import recognise_address
from kryptos.catalog.recognition import checksum_address
from kryptos.providers.sandbox import (
    PERSONAS,
    SANDBOX_NODES,
    TYPED_ADDRESSES,
    Persona,
    find_persona,
    is_typed_address,
)
from kryptos.providers.sandbox.ethereum.assets import invented_address
from kryptos.providers.sandbox.solana.keys import invented_key


def test_personas_are_told_apart_and_found() -> None:
    assert [persona.id for persona in PERSONAS] == [
        "holder",
        "defi",
        "nft",
        "trader",
        "empty",
        "broken",
        "saver",
        "swapper",
    ]
    addresses = {persona.address for persona in PERSONAS} | set(TYPED_ADDRESSES.values())
    assert len(addresses) == len(PERSONAS) + len(TYPED_ADDRESSES)
    assert all(find_persona(persona.id) is persona for persona in PERSONAS)
    assert all(persona.name and persona.description.endswith(".") for persona in PERSONAS)
    assert find_persona("nobody") is None


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda each: each.id)
def test_nobody_has_a_key_to_a_persona_because_its_address_is_the_hash_of_its_name(persona: Persona) -> None:
    invented = invented_address if persona.provider_id == "ethereum" else invented_key
    assert persona.address == invented("persona", persona.id)


@pytest.mark.parametrize(
    ("provider_id", "address"),
    [*TYPED_ADDRESSES.items(), *((each.provider_id, each.address) for each in PERSONAS)],
)
def test_addresses_are_canonical_as_the_catalogue_reads_them(provider_id: str, address: str) -> None:
    family = {"ethereum": "evm", "solana": "solana"}[provider_id]
    assert address in {each.address for each in recognise_address(address) if each.family == family}


def test_the_two_addresses_of_the_contract_may_be_typed_and_no_other() -> None:
    ethereum, solana = (
        "0x47c2e31e9ce22437bcf6313d2b9e98245a7bfcfa",
        "2r8Hm938GzCQ2gXTP2deDarkn52ezYf1UUaEzMpkwrk1",
    )
    assert is_typed_address("ethereum", ethereum)
    assert is_typed_address("ethereum", checksum_address(ethereum))
    assert is_typed_address("solana", solana)
    assert not is_typed_address("solana", ethereum)
    assert not is_typed_address("solana", solana.lower())
    assert not is_typed_address("bitcoin", ethereum)
    assert not any(is_typed_address(persona.provider_id, persona.address) for persona in PERSONAS)


def test_nodes_are_where_no_network_leads() -> None:
    assert SANDBOX_NODES.keys() == {"ethereum", "solana"}
    assert all(url.endswith(".sandbox.invalid") for url in SANDBOX_NODES.values())


def test_naming_personas_and_prices_loads_neither_the_http_library_nor_the_world() -> None:
    program = (
        "import sys, kryptos.providers.sandbox as sandbox; print(len(sandbox.PERSONAS), "
        "sorted({'httpx', 'kryptos.providers.sandbox.ethereum.chain', 'kryptos.catalog'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.split(maxsplit=1) == [str(len(PERSONAS)), "[]\n"]
