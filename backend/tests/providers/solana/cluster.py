"""A cluster: real programs in a real virtual machine, and a record of all that happened in it, slot by slot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from solders.account import Account
from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import FailedTransactionMetadata

from tests.providers.solana.programs import ACCOUNT_BYTES, MINT_BYTES, TOKEN, TOKEN_2022, WRAPPED

FIRST_SLOT = 1_000
_BEGAN_AT = 1_700_000_000
_ACCOUNT_TYPE = 2
_INITIALISED_AT = 108
_DECIMALS_AT = 44


@dataclass(frozen=True)
class State:
    """An account at one time."""

    lamports: int
    program: str
    data: bytes


@dataclass(frozen=True)
class TokenState:
    """What a token account holds."""

    mint: str
    owner: str
    units: int
    program: str


@dataclass(frozen=True)
class Entry:
    """A transaction as a ledger keeps it: accounts in the order of the message, states before and after."""

    signature: str
    slot: int
    keys: tuple[str, ...]
    signers: int
    fee: int
    error: str | None
    before: tuple[State | None, ...]
    after: tuple[State | None, ...]

    @property
    def time(self) -> int:
        """When its block was made."""
        return _BEGAN_AT + 2 * self.slot // 5


@dataclass
class Cluster:
    """Every transaction gets a slot of its own, unless ``pace`` is 0."""

    svm: LiteSVM = field(default_factory=LiteSVM)
    slot: int = FIRST_SLOT
    pace: int = 1
    entries: list[Entry] = field(default_factory=list)
    _states: dict[str, list[tuple[int, State | None]]] = field(default_factory=dict)
    _seeds: Iterator[int] = field(default_factory=lambda: iter(range(1, 256)))

    def __post_init__(self) -> None:
        self.bank = self.keypair()
        self.svm.airdrop(self.bank.pubkey(), 10**14)  # before the record begins
        mint = bytes(44) + b"\x09\x01" + bytes(36)
        native = Account(self.rent(MINT_BYTES), mint, TOKEN, executable=False, rent_epoch=0)
        self.svm.set_account(WRAPPED, native)  # every cluster has this mint from its beginning

    def keypair(self) -> Keypair:
        """Return a new key, the same in every run."""
        return Keypair.from_seed(bytes([next(self._seeds)]) * 32)

    def rent(self, space: int) -> int:
        """Return what an account must hold to stay."""
        return self.svm.minimum_balance_for_rent_exemption(space)

    def send(self, instructions: Sequence[Instruction], *signers: Keypair, fails: bool = False) -> str:
        """Run a transaction, paid for by the first signer; return its signature."""
        self.slot += self.pace
        self.svm.warp_to_slot(self.slot)
        self.svm.expire_blockhash()
        blockhash: Hash = self.svm.latest_blockhash()
        message = MessageV0.try_compile(signers[0].pubkey(), instructions, [], blockhash)
        sent = VersionedTransaction(message, list(signers))
        keys = message.account_keys
        before = tuple(self._now(key) for key in keys)
        result = self.svm.send_transaction(sent)
        has_failed = isinstance(result, FailedTransactionMetadata)
        assert has_failed is fails, str(result)
        after = tuple(self._now(key) for key in keys)
        meta = result.meta() if isinstance(result, FailedTransactionMetadata) else result
        entry = Entry(
            signature=str(sent.signatures[0]),
            slot=self.slot,
            keys=tuple(map(str, keys)),
            signers=message.header.num_required_signatures,
            fee=meta.fee(),
            error=str(result.err()) if isinstance(result, FailedTransactionMetadata) else None,
            before=before,
            after=after,
        )
        self.entries.append(entry)
        for key, old, new in zip(entry.keys, before, after, strict=True):
            known = self._states.setdefault(key, [(FIRST_SLOT, old)])
            known.append((self.slot, new))
        return entry.signature

    def reward(self, key: Pubkey, lamports: int) -> None:
        """Pay an account without a transaction, as validators and stake are paid when an epoch ends."""
        self.slot += self.pace
        account = self.svm.get_account(key)
        assert account is not None
        paid = Account(
            account.lamports + lamports, account.data, account.owner, executable=False, rent_epoch=0
        )
        self.svm.set_account(key, paid)
        self._states[str(key)].append((self.slot, self._now(key)))

    def _now(self, key: Pubkey) -> State | None:
        account = self.svm.get_account(key)
        if account is None or not account.lamports:
            return None
        return State(account.lamports, str(account.owner), bytes(account.data))

    def state(self, key: str, slot: int) -> State | None:
        """Return an account as of a slot."""
        held = [each for at, each in self._states.get(key, ()) if at <= slot]
        return held[-1] if held else None

    def states(self, program: str, slot: int) -> Iterator[tuple[str, State]]:
        """Give the accounts of a program as of a slot."""
        for key in self._states:
            state = self.state(key, slot)
            if state is not None and state.program == program:
                yield key, state

    def decimals(self, mint: str) -> int:
        """Return the decimals of a mint."""
        account = self.svm.get_account(Pubkey.from_string(mint))
        assert account is not None
        return account.data[_DECIMALS_AT]


def token_state(state: State | None) -> TokenState | None:
    """Return what a token account says; None for any other account."""
    if state is None or state.program not in {str(TOKEN), str(TOKEN_2022)} or len(state.data) < ACCOUNT_BYTES:
        return None
    is_extended = len(state.data) > ACCOUNT_BYTES
    if (is_extended and state.data[ACCOUNT_BYTES] != _ACCOUNT_TYPE) or not state.data[_INITIALISED_AT]:
        return None
    mint, owner = (str(Pubkey(state.data[at : at + 32])) for at in (0, 32))
    return TokenState(mint, owner, int.from_bytes(state.data[64:72], "little"), state.program)
