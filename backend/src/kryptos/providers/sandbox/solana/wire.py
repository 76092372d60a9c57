"""Accounts, signatures and transactions in the form that nodes give them (Agave's jsonParsed)."""

import base64
from collections.abc import Mapping, Sequence
from decimal import Decimal

from kryptos.providers.sandbox.chance import digest
from kryptos.providers.sandbox.solana.assets import BY_MINT, program_of
from kryptos.providers.sandbox.solana.cluster import Cluster, Sent, TokenAccount, TokenHolding, time_of
from kryptos.providers.sandbox.solana.keys import (
    STAKE_PROGRAM,
    SYSTEM_PROGRAM,
    base58,
    invented_key,
    key_bytes,
)

Fields = dict[str, object]

_STAKE_BYTES = 200
_STAKE_RENT = 2_282_880
_NEVER = 2**64 - 1
_FAILURE = {"InstructionError": [1, {"Custom": 6001}]}
"""Jupiter's *slippage tolerance exceeded*."""


def token_amount(units: int, decimals: int) -> Fields:
    """Return an amount of a token as nodes write it, three times over."""
    whole = Decimal((0, tuple(map(int, str(units))), -decimals))
    shown = f"{whole:f}"
    return {
        "amount": str(units),
        "decimals": decimals,
        "uiAmount": whole,
        "uiAmountString": shown.rstrip("0").rstrip(".") if "." in shown else shown,
    }


def token_account_fields(cluster: Cluster, account: TokenAccount) -> Fields:
    """Return a token account, without its key."""
    program = program_of(account.mint)
    info = {
        "isNative": False,
        "mint": account.mint,
        "owner": account.owner,
        "state": "initialized",
        "tokenAmount": token_amount(account.units, BY_MINT[account.mint].decimals),
    }
    parsed = {"info": info, "type": "account"}
    name = "spl-token" if program.startswith("Tokenkeg") else "spl-token-2022"
    return _account(
        cluster.lamports[account.address], program, {"parsed": parsed, "program": name, "space": 165}, 165
    )


def account_fields(
    cluster: Cluster, address: str, encoding: object, data_slice: object = None
) -> Fields | None:
    """Return an account of a story, or None where there is none."""
    token = cluster.token_accounts.get(address)
    if token is not None and token in cluster.open_tokens_of(token.owner) and encoding == "jsonParsed":
        return token_account_fields(cluster, token)
    lamports = cluster.lamports_of(address)
    if address in cluster.stakes and lamports:
        raw = _sliced(stake_bytes(cluster.stakes[address].owner, lamports), data_slice)
        return _account(lamports, STAKE_PROGRAM, [base64.b64encode(raw).decode(), "base64"], _STAKE_BYTES)
    return _account(lamports, SYSTEM_PROGRAM, ["", "base64"], 0) if lamports else None


def _account(lamports: int, owner: str, data: object, space: int) -> Fields:
    return {
        "lamports": lamports,
        "owner": owner,
        "data": data,
        "executable": False,
        "rentEpoch": _NEVER,
        "space": space,
    }


def _sliced(raw: bytes, data_slice: object) -> bytes:
    if not isinstance(data_slice, Mapping):
        return raw
    offset, length = data_slice.get("offset"), data_slice.get("length")
    return raw[offset : offset + length] if isinstance(offset, int) and isinstance(length, int) else raw


def stake_bytes(owner: str, lamports: int) -> bytes:
    """Return the data of a delegated stake account (``StakeStateV2``): staker and withdrawer are its owner."""
    key = key_bytes(owner)
    lockup = bytes(8 + 8 + 32)
    delegation = (
        key_bytes(invented_key("validator"))
        + (lamports - _STAKE_RENT).to_bytes(8, "little")
        + (600).to_bytes(8, "little")
        + _NEVER.to_bytes(8, "little")
        + bytes.fromhex("000000000000d03f")  # the warm-up rate, which is no longer used
    )
    raw = (2).to_bytes(4, "little") + _STAKE_RENT.to_bytes(8, "little") + key + key + lockup + delegation
    return raw.ljust(_STAKE_BYTES, b"\0")


def signature_fields(sent: Sent) -> Fields:
    """Return a transaction as lists of signatures tell it."""
    return {
        "signature": sent.signature,
        "slot": sent.slot,
        "blockTime": time_of(sent.slot),
        "err": _FAILURE if sent.has_failed else None,
        "memo": None,
        "confirmationStatus": "finalized",
    }


def transaction_fields(sent: Sent) -> Fields:
    """Return a transaction with what came of it."""
    error = _FAILURE if sent.has_failed else None
    writable = len(sent.keys) - len(sent.programs)
    return {
        "slot": sent.slot,
        "blockTime": time_of(sent.slot),
        "version": "legacy",
        "transaction": {
            "signatures": [sent.signature],
            "message": {
                "accountKeys": [
                    {
                        "pubkey": key,
                        "signer": index == 0,
                        "writable": index < writable,
                        "source": "transaction",
                    }
                    for index, key in enumerate(sent.keys)
                ],
                "recentBlockhash": base58(digest("blockhash", sent.slot)),
                "instructions": [
                    {
                        "programId": program,
                        "accounts": list(sent.keys[:writable]),
                        "data": "",
                        "stackHeight": None,
                    }
                    for program in sent.programs
                ],
            },
        },
        "meta": {
            "err": error,
            "status": {"Err": error} if error else {"Ok": None},
            "fee": sent.fee,
            "preBalances": sent.lamports_before,
            "postBalances": sent.lamports_after,
            "preTokenBalances": _holdings(sent.tokens_before),
            "postTokenBalances": _holdings(sent.tokens_after),
            "innerInstructions": [],
            "logMessages": [],
            "rewards": [],
            "loadedAddresses": {"readonly": [], "writable": []},
            "computeUnitsConsumed": 40_000,
        },
    }


def _holdings(holdings: Sequence[TokenHolding]) -> list[Fields]:
    return [
        {
            "accountIndex": each.index,
            "mint": each.mint,
            "owner": each.owner,
            "programId": program_of(each.mint),
            "uiTokenAmount": token_amount(each.units, BY_MINT[each.mint].decimals),
        }
        for each in holdings
    ]
