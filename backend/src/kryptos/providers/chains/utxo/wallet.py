"""Wallet: what a person typed, as the addresses it stands for, in the order in which they are looked at."""

from dataclasses import dataclass, field

from kryptos.catalog.chains import ScriptType
from kryptos.catalog.encodings import decode_base58check
from kryptos.catalog.recognition import recognise_address
from kryptos.providers.chains.utxo.chain import UtxoChain
from kryptos.providers.chains.utxo.derivation import ExtendedKey, NoSuchKey, extended_key_of
from kryptos.providers.chains.utxo.script_address import address_of_key
from kryptos.providers.chains.utxo.spelling import spelled
from kryptos.providers.contracts import AddressInvalid


def normalise_address(text: str, chain: UtxoChain) -> str:
    """Return an address, or an extended public key, in its canonical form; raise ``AddressInvalid``."""
    for reading in recognise_address(text):
        if reading.family == "utxo" and chain.id in reading.chains:
            is_address = reading.kind == "address"
            return spelled(reading.address, chain) if is_address else reading.address
    if text.strip()[1:4] == "prv":
        raise AddressInvalid("This is a private key: never give it to anybody. Use the public one (xpub).")
    raise AddressInvalid(f"This is no address of {chain.name} and no extended public key (xpub, ypub, zpub).")


@dataclass(slots=True)
class Branch:
    """Addresses in a row: one alone, or those of one chain (receive, change) of an extended key."""

    script_type: ScriptType | None
    key: ExtendedKey | None
    chain: UtxoChain
    _addresses: list[str] = field(default_factory=list)

    @property
    def is_single(self) -> bool:
        """Whether there is one address, and no other behind it."""
        return self.key is None

    def address(self, index: int) -> str | None:
        """Return the address of an index; None behind the last one, or for a number that makes no key."""
        while len(self._addresses) <= index and self.key is not None and self.script_type is not None:
            try:
                key = self.key.child(len(self._addresses)).key
            except NoSuchKey:
                self._addresses.append("")
            else:
                self._addresses.append(address_of_key(key, self.script_type, self.chain))
        return (self._addresses[index] or None) if index < len(self._addresses) else None


def branches_of(text: str, chain: UtxoChain) -> tuple[Branch, ...]:
    """Return the branches of a normalised text: an address's own, or receive and change (BIP-44)."""
    payload = decode_base58check(text)
    script_type = chain.extended_keys.get(payload[:4].hex()) if payload and len(payload) == 78 else None
    if payload is None or script_type is None:
        return (Branch(None, None, chain, [text]),)
    account = extended_key_of(payload)
    return tuple(Branch(script_type, account.child(number), chain) for number in (0, 1))
