"""Instructions of the system, token, associated-token and stake programs, as their sources lay them out.

Layouts: ``solana-program/token`` and ``token-2022`` (instruction.rs, extension/transfer_fee/instruction.rs),
``associated-token-account``, ``solana-sdk`` (stake/instruction.rs). Numbers are little-endian.
"""

import struct
from collections.abc import Sequence

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, TransferParams, create_account
from solders.system_program import transfer as system_transfer
from solders.token.associated import get_associated_token_address

SYSTEM = Pubkey.from_string("11111111111111111111111111111111")
TOKEN = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
TOKEN_2022 = Pubkey.from_string("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")
ASSOCIATED = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")
STAKE = Pubkey.from_string("Stake11111111111111111111111111111111111111")
WRAPPED = Pubkey.from_string("So11111111111111111111111111111111111111112")
_RENT = Pubkey.from_string("SysvarRent111111111111111111111111111111111")
_CLOCK = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")
_STAKE_HISTORY = Pubkey.from_string("SysvarStakeHistory1111111111111111111111111")

MINT_BYTES = 82
ACCOUNT_BYTES = 165
FEE_MINT_BYTES = 278
"""A mint of Token-2022 with the extension that takes a fee of each transfer."""
STAKE_BYTES = 200


def _meta(key: Pubkey, flags: str = "") -> AccountMeta:
    """Return an account as an instruction names it: ``s`` signs, ``w`` is written."""
    return AccountMeta(key, "s" in flags, "w" in flags)


def send_lamports(giver: Pubkey, taker: Pubkey, lamports: int) -> Instruction:
    """Transfer lamports."""
    return system_transfer(TransferParams(from_pubkey=giver, to_pubkey=taker, lamports=lamports))


def new_account(payer: Pubkey, account: Pubkey, lamports: int, space: int, program: Pubkey) -> Instruction:
    """Create an account of a program; both sign."""
    return create_account(
        CreateAccountParams(
            from_pubkey=payer, to_pubkey=account, lamports=lamports, space=space, owner=program
        )
    )


def associated(owner: Pubkey, mint: Pubkey, program: Pubkey = TOKEN) -> Pubkey:
    """Return the token account that wallets derive for a mint."""
    return get_associated_token_address(owner, mint, program)


def open_associated(payer: Pubkey, owner: Pubkey, mint: Pubkey, program: Pubkey = TOKEN) -> Instruction:
    """Create that account if it is not there (CreateIdempotent)."""
    metas = [
        _meta(payer, "sw"),
        _meta(associated(owner, mint, program), "w"),
        _meta(owner),
        _meta(mint),
        _meta(SYSTEM),
        _meta(program),
    ]
    return Instruction(ASSOCIATED, b"\x01", metas)


def start_mint(mint: Pubkey, decimals: int, authority: Pubkey, program: Pubkey = TOKEN) -> Instruction:
    """Make an account a mint (InitializeMint2)."""
    return Instruction(program, bytes([20, decimals]) + bytes(authority) + b"\0", [_meta(mint, "w")])


def start_transfer_fee(mint: Pubkey, basis_points: int, most: int) -> Instruction:
    """Let a mint take a fee (TransferFeeExtension, InitializeTransferFeeConfig); before ``start_mint``."""
    return Instruction(TOKEN_2022, b"\x1a\0\0\0" + struct.pack("<HQ", basis_points, most), [_meta(mint, "w")])


def start_account(account: Pubkey, mint: Pubkey, owner: Pubkey) -> Instruction:
    """Make an account a token account of somebody who is not named as an account (InitializeAccount3)."""
    return Instruction(TOKEN, b"\x12" + bytes(owner), [_meta(account, "w"), _meta(mint)])


def mint_to(
    mint: Pubkey, account: Pubkey, authority: Pubkey, units: int, program: Pubkey = TOKEN
) -> Instruction:
    """Make new tokens."""
    metas = [_meta(mint, "w"), _meta(account, "w"), _meta(authority, "s")]
    return Instruction(program, struct.pack("<BQ", 7, units), metas)


def burn(account: Pubkey, mint: Pubkey, owner: Pubkey, units: int) -> Instruction:
    """Destroy tokens."""
    metas = [_meta(account, "w"), _meta(mint, "w"), _meta(owner, "s")]
    return Instruction(TOKEN, struct.pack("<BQ", 8, units), metas)


def send_tokens(
    giver: Pubkey, taker: Pubkey, owner: Pubkey, mint: tuple[Pubkey, int], units: int, program: Pubkey = TOKEN
) -> Instruction:
    """Transfer tokens between accounts (TransferChecked); a mint comes with its decimals."""
    metas = [_meta(giver, "w"), _meta(mint[0]), _meta(taker, "w"), _meta(owner, "s")]
    return Instruction(program, struct.pack("<BQB", 12, units, mint[1]), metas)


def close(account: Pubkey, heir: Pubkey, owner: Pubkey) -> Instruction:
    """Close a token account; its lamports go to the heir."""
    return Instruction(TOKEN, b"\x09", [_meta(account, "w"), _meta(heir, "w"), _meta(owner, "s")])


def hand_over(account: Pubkey, owner: Pubkey, heir: Pubkey) -> Instruction:
    """Make somebody else the owner of a token account, who is not named as an account (SetAuthority)."""
    return Instruction(TOKEN, b"\x06\x02\x01" + bytes(heir), [_meta(account, "w"), _meta(owner, "s")])


def sync_native(account: Pubkey) -> Instruction:
    """Count the lamports of an account as wrapped ones."""
    return Instruction(TOKEN, b"\x11", [_meta(account, "w")])


def start_stake(account: Pubkey, staker: Pubkey, withdrawer: Pubkey) -> Instruction:
    """Make an account a stake account without a lockup."""
    data = struct.pack("<I", 0) + bytes(staker) + bytes(withdrawer) + bytes(48)
    return Instruction(STAKE, data, [_meta(account, "w"), _meta(_RENT)])


def hand_over_stake(account: Pubkey, withdrawer: Pubkey, heir: Pubkey) -> Instruction:
    """Make somebody else the withdrawer of a stake account (Authorize)."""
    data = struct.pack("<I", 1) + bytes(heir) + struct.pack("<I", 1)
    return Instruction(STAKE, data, [_meta(account, "w"), _meta(_CLOCK), _meta(withdrawer, "s")])


def withdraw_stake(account: Pubkey, taker: Pubkey, withdrawer: Pubkey, lamports: int) -> Instruction:
    """Take lamports out of a stake account that is not delegated."""
    metas: Sequence[AccountMeta] = [
        _meta(account, "w"),
        _meta(taker, "w"),
        _meta(_CLOCK),
        _meta(_STAKE_HISTORY),
        _meta(withdrawer, "s"),
    ]
    return Instruction(STAKE, struct.pack("<IQ", 4, lamports), metas)
