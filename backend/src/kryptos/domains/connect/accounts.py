"""Which account a person means: provider, address and chains, checked against the catalogue. Nobody is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from kryptos.catalog import (
    AddressReading,
    Provider,
    checksum_address,
    find_provider,
    get_chain,
    list_chains,
    recognise_address,
)
from kryptos.domains.clients import Mode
from kryptos.domains.connect.errors import (
    ProviderNotFound,
    ProviderNotSupported,
    SandboxAddressNotAllowed,
    SandboxProviderNotAllowed,
)
from kryptos.domains.integrations import ChainsInvalid, checked_chains
from kryptos.kernel.errors import InvalidInput
from kryptos.providers.contracts import AddressInvalid
from kryptos.providers.sandbox import SANDBOX_NODES, TYPED_ADDRESSES, find_persona, is_typed_address


@dataclass(frozen=True, slots=True)
class Account:
    """An account that can be connected; ``address`` in the one form in which it is stored and compared."""

    provider: Provider
    address: str
    chains: tuple[str, ...]
    persona: str | None


def resolve_account(
    *,
    mode: Mode,
    provider_id: str,
    address: str | None,
    persona: str | None = None,
    chains: Sequence[str] | None = None,
) -> Account:
    """Return the account meant, on the chains asked for: left out, a blockchain's own, or a wallet's best known one.

    Raises ``ProviderNotFound``, ``ProviderNotSupported``, ``AddressInvalid``, ``ChainsInvalid``, and in the sandbox
    ``SandboxProviderNotAllowed`` or ``SandboxAddressNotAllowed``.
    """
    provider = find_provider(provider_id)
    if provider is None:
        raise ProviderNotFound
    text = (
        _sandbox_address(provider, address, persona)
        if mode is Mode.SANDBOX
        else _address(provider, address, persona)
    )
    reading = _reading(provider, text)
    wanted = checked_chains(_own_chains(provider, reading) if chains is None else chains)
    for chain_id in wanted:
        _check_chain(chain_id, provider, reading, mode)
    canonical = checksum_address(reading.address) if reading.family == "evm" else reading.address
    return Account(provider=provider, address=canonical, chains=wanted, persona=persona)


def is_connectable(chain_id: str) -> bool:
    """Whether accounts on this chain can be connected."""
    provider = find_provider(chain_id)
    return provider is not None and provider.is_working


def find_sandbox_address(text: str) -> str | None:
    """Return the test address of the sandbox that a text is, however its capitals are."""
    return next(
        (TYPED_ADDRESSES[each] for each in SANDBOX_NODES if is_typed_address(each, text.strip())), None
    )


def _sandbox_address(provider: Provider, address: str | None, persona: str | None) -> str:
    if provider.id not in SANDBOX_NODES:
        raise SandboxProviderNotAllowed
    if persona is not None:
        found = find_persona(persona)
        if found is None or found.provider_id != provider.id:
            raise _invalid("persona", f"{provider.public_name} has no such test account.")
        return found.address
    given = _given(address)
    if not is_typed_address(provider.id, given):
        raise SandboxAddressNotAllowed
    return TYPED_ADDRESSES[provider.id]


def _address(provider: Provider, address: str | None, persona: str | None) -> str:
    if persona is not None:
        raise _invalid("persona", "Test accounts are there for apps in sandbox mode alone.")
    if not provider.is_working:
        raise ProviderNotSupported
    return _given(address)


def _given(address: str | None) -> str:
    if address is None or not address.strip():
        raise _invalid("address", "An address is needed.")
    return address.strip()


def _reading(provider: Provider, text: str) -> AddressReading:
    readings = [each for each in recognise_address(text) if each.family in provider.families]
    if provider.type == "blockchain":
        readings = [each for each in readings if not each.chains or provider.id in each.chains]
    if not readings:
        message = (
            f"This is no address of {provider.public_name}. Copy it whole from the wallet. Never enter a private key "
            "or recovery words."
        )
        raise AddressInvalid(
            message, details=[{"code": "invalid_address", "path": ["address"], "message": message}]
        )
    return readings[0]


def _own_chains(provider: Provider, reading: AddressReading) -> tuple[str, ...]:
    if provider.type == "blockchain":
        return (provider.id,)
    possible = [each for each in list_chains() if each.family == reading.family]
    if reading.chains:
        possible = [each for each in possible if each.id in reading.chains]
    ranked = sorted(possible, key=lambda each: (each.rank is None, each.rank, each.id))
    return tuple(each.id for each in ranked[:1])


def _check_chain(chain_id: str, provider: Provider, reading: AddressReading, mode: Mode) -> None:
    row = find_provider(chain_id)
    if row is None or row.type != "blockchain":
        message = f"`{chain_id}` is no chain. `GET /integrations/public/list` lists those there are."
        raise ChainsInvalid(message)
    is_possible = get_chain(chain_id).family == reading.family and (
        not reading.chains or chain_id in reading.chains
    )
    if not is_possible:
        message = f"This address cannot be on {row.public_name}."
        raise ChainsInvalid(message)
    if mode is Mode.SANDBOX and chain_id != provider.id:
        raise SandboxProviderNotAllowed
    if mode is Mode.PRODUCTION and not row.is_working:
        message = f"{row.public_name} cannot be read yet."
        raise ChainsInvalid(message)


def _invalid(field: str, message: str) -> InvalidInput:
    return InvalidInput(message, details=[{"code": "invalid_value", "path": [field], "message": message}])
