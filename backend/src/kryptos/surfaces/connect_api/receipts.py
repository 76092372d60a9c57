"""Consent receipts for the app, and the keys that anybody checks them with."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from kryptos.domains import grants
from kryptos.domains.grants import RECEIPTS_SHOWN, GrantNotFound
from kryptos.infra.statements import find_statement_keys
from kryptos.surfaces.http.calls import ClientCall, PublicCall
from kryptos.surfaces.http.endpoint import Auth, Endpoint, Family
from kryptos.surfaces.http.wire import Success


class KeyOut(msgspec.Struct, kw_only=True):
    """A public key as a JWK (RFC 7517, RFC 8037); ``kid`` is its thumbprint (RFC 7638)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str
    alg: Literal["Ed25519"]
    use: Literal["sig"]


class KeysOut(msgspec.Struct, kw_only=True):
    """A JWK set."""

    keys: list[KeyOut]


class ReceiptFileOut(msgspec.Struct, kw_only=True):
    """What to keep: the signed statement (a compact JWS), the key that checks it, and what it says."""

    receipt: str
    keys: KeysOut
    content: dict[str, Any]


class ReceiptOut(msgspec.Struct, kw_only=True):
    """The receipt of one change of a grant."""

    id: str
    event: Literal["given", "renewed", "revoked"]
    issued_at: datetime
    file: ReceiptFileOut


class ReceiptsOut(msgspec.Struct, kw_only=True):
    """The receipts of a grant, newest first: 200 at most; ``next`` asks for those before them."""

    receipts: list[ReceiptOut]
    next: str | None


class ReceiptsQuery(msgspec.Struct, kw_only=True):
    """``before`` is the ``next`` of the page before."""

    before: str | None = None


async def list_receipts(call: ClientCall, query: ReceiptsQuery) -> Success[ReceiptsOut]:
    """List the signed receipts of a grant of this client: when it was given, renewed and revoked, and what it allowed.

    `kryptos verify-receipt` checks a `file` offline, as does any JOSE library. They stay after the grant has ended,
    until the user has everything erased.
    """
    grant = await grants.get_grant(call.uow, grant_id=call.path["grant_id"], client_id=call.client.id)
    page = await grants.list_receipts(call.uow, grant_id=grant.id, before=query.before)
    return Success(
        data=ReceiptsOut(
            receipts=[
                ReceiptOut(
                    id=each.id,
                    event=each.event,
                    issued_at=each.issued_at,
                    file=msgspec.convert(each.file, ReceiptFileOut),
                )
                for each in page
            ],
            next=page[-1].id if len(page) == RECEIPTS_SHOWN else None,
        )
    )


async def list_receipt_keys(call: PublicCall) -> KeysOut:
    """Return every public key that has ever signed a consent receipt or a proof of an erasure here, as a JWK set."""
    keys = await call.services.database.execute(find_statement_keys)
    return KeysOut(keys=msgspec.convert(list(keys.values()), list[KeyOut]))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/token/grants/{grant_id}/receipts",
        summary="List a grant's receipts",
        handler=list_receipts,
        reply=Success[ReceiptsOut],
        query=ReceiptsQuery,
        auth=Auth.CLIENT,
        family=Family.CONNECT,
        errors=(GrantNotFound,),
    ),
    Endpoint(
        method="GET",
        path="/.well-known/consent-receipt-keys.json",
        summary="Keys of consent receipts",
        handler=list_receipt_keys,
        reply=KeysOut,
        auth=Auth.NONE,
        family=Family.CONNECT,
        is_cacheable=True,
    ),
)
"""What a backend, and whoever checks a receipt, may call."""
