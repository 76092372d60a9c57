"""Ask for a proof of ownership: a text of ours for the wallet of an address to sign."""

import re
import unicodedata
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from kryptos.catalog import checksum_address, recognise_address
from kryptos.domains.connect import policy
from kryptos.domains.connect._tables import ownership_challenges
from kryptos.domains.connect.contracts import LinkSession, OwnershipChallenge
from kryptos.domains.connect.engine.sign_in_message import SignInMessage, WalletFamily, build
from kryptos.domains.connect.errors import OriginNotAllowed
from kryptos.domains.connect.service.connect_account import connecting
from kryptos.infra.database import Uow
from kryptos.providers.contracts import AddressInvalid

_FIRST_CHAIN: dict[WalletFamily, str] = {"evm": "1", "solana": "mainnet"}
_UNSIGNABLE = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]+")
"""What a statement cannot hold (ERC-4361, section "ABNF Message Format")."""


async def challenge_ownership(
    uow: Uow,
    *,
    session: LinkSession,
    family: WalletFamily,
    address: str,
    origin: str,
    own_origin: str,
    chain_id: int | None = None,
) -> OwnershipChallenge:
    """Return a new text for an address; one given before for the same address is void.

    ``origin`` is that of the page whose wallet signs: one that the client has registered, or this server's own. Raises
    what ``connecting`` does, ``AddressInvalid`` and ``OriginNotAllowed``.
    """
    connecting(session)
    if origin not in (*session.client.allowed_origins, own_origin):
        raise OriginNotAllowed
    account = _account(family, address)
    issued_at = uow.now.replace(microsecond=0)
    expires_at = issued_at + policy.CHALLENGE_LIFETIME
    message = build(
        SignInMessage(
            family=family,
            domain=urlsplit(origin).netloc,
            address=account,
            statement=_statement(session.client.name),
            uri=origin,
            version="1",
            chain_id=_FIRST_CHAIN[family] if chain_id is None or family == "solana" else str(chain_id),
            nonce=uow.random_bytes(policy.NONCE_BYTES).hex(),
            issued_at=_written(issued_at),
            expiration_time=_written(expires_at),
        )
    )
    values = {"message": message, "expires_at": expires_at, "used_at": None}
    await uow.execute(
        insert(ownership_challenges)
        .values(session_id=session.id, address=account, **values)
        .on_conflict_do_update(index_elements=["session_id", "address"], set_=values)
    )
    return OwnershipChallenge(message=message, expires_at=expires_at)


async def prune_challenges(uow: Uow) -> int:
    """Delete challenges that can no longer be met; return how many."""
    gone = await uow.execute(
        sa.delete(ownership_challenges).where(ownership_challenges.c.expires_at <= uow.now)
    )
    return gone.rowcount


def _account(family: WalletFamily, address: str) -> str:
    """Return an address as accounts are stored with it; raise ``AddressInvalid``."""
    for reading in recognise_address(address):
        if reading.family == family:
            return checksum_address(reading.address) if family == "evm" else reading.address
    message = "This is no address of such a wallet. Copy it whole from the wallet. Never enter a private key."
    raise AddressInvalid(
        message, details=[{"code": "invalid_address", "path": ["address"], "message": message}]
    )


def _statement(app_name: str) -> str:
    """Return what the wallet shows; of the app's name only what such a text can hold."""
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", app_name) if not unicodedata.combining(each)
    )
    name = " ".join(_UNSIGNABLE.sub(" ", plain).split())
    has_letters = any(each.isalnum() for each in name)
    asker = name if has_letters else "this app"
    return f"Prove to {asker} that this account is yours. This costs nothing and moves nothing."


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
