"""Rules of the ledger: ids, labels by what moved, what is spam. Pure."""

import hashlib
import re
from collections.abc import Collection

from kryptos.domains.ledger.contracts import Leg
from kryptos.providers.contracts import AssetRef, Standard

LEGS_VERSION = 1

_NFT = (Standard.ERC721, Standard.ERC1155)
_ADVERTISEMENT = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(?:com|org|net|io|xyz|app|fi|finance|site|top|vip|gift|claims?|live|cc|me|lol|pro|to)\b"
    r"|\b(?:claim|visit|airdrop|voucher|reward|bonus|free mint|t\.me)\b",
    re.IGNORECASE,
)
_UNWRITTEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_TEXT_CHARACTERS = 80


def transaction_id(integration_id: str, chain_id: str, platform_id: str) -> str:
    """Return the id of a transaction: the same however often it is read."""
    digest = hashlib.sha256(f"{integration_id}\n{chain_id}\n{platform_id}".encode()).hexdigest()
    return f"trx_{digest[:32]}"


def asset_id(ref: AssetRef) -> str:
    """Return the id of an asset: ``ethereum:native``, ``ethereum:0xA0b8…``."""
    return asset_id_of(ref.chain_id, ref.contract)


def asset_id_of(chain_id: str, contract: str | None) -> str:
    """Return the id of the asset with that contract, or of the native coin."""
    return f"{chain_id}:{contract or 'native'}"


def plain_text(text: str | None) -> str | None:
    """Return what a contract says of itself without what cannot be stored or would rearrange a page; None if empty."""
    if text is None:
        return None
    return _UNWRITTEN.sub("", text).strip()[:_TEXT_CHARACTERS] or None


def is_advertisement(*texts: str | None) -> bool:
    """Whether the name of a token that nobody knows is there to lure people somewhere."""
    return any(text and _ADVERTISEMENT.search(text) for text in texts)


def label_of(legs: Collection[Leg], *, has_failed: bool) -> str:
    """Return the label that follows from what moved alone; what a protocol was for is told by later versions.

    Assets that came and went in equal quantities were only moved: a transfer to oneself.
    """
    if has_failed:
        return "Failed"
    incoming = {leg.asset.id for leg in legs if leg.direction == "incoming"}
    outgoing = {leg.asset.id for leg in legs if leg.direction == "outgoing"}
    if incoming and outgoing:
        if incoming == outgoing:
            return "Transfer"
        return _nft_label(legs, bought="NFT Buy", sold="NFT Sell") or "Swap"
    if incoming:
        return "Spam" if all(leg.asset.is_spam for leg in legs if leg.direction == "incoming") else "Deposit"
    if outgoing:
        return "Withdrawal"
    return "Fee" if legs else "Unknown"


def is_nft(leg: Leg) -> bool:
    """Whether a leg moves a collectible."""
    return leg.asset.standard in _NFT


def _nft_label(legs: Collection[Leg], *, bought: str, sold: str) -> str | None:
    came = any(is_nft(leg) for leg in legs if leg.direction == "incoming")
    went = any(is_nft(leg) for leg in legs if leg.direction == "outgoing")
    if came == went:
        return None
    return bought if came else sold
