"""The cluster as it follows from deeds: transactions with balances before and after, and what every account holds."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kryptos.providers.sandbox.chance import number
from kryptos.providers.sandbox.solana.assets import program_of
from kryptos.providers.sandbox.solana.deeds import ME, STAKE, Coins, Deed, Tokens
from kryptos.providers.sandbox.solana.keys import (
    TOKEN_ACCOUNT_PROGRAM,
    base58,
    invented_key,
    token_account_of,
)
from kryptos.providers.sandbox.world_time import WORLD_NOW

HEAD_SLOT = 430_000_000
"""The newest slot: every other one follows by arithmetic, 400 milliseconds apart."""
_SLOT = timedelta(milliseconds=400)
TOKEN_RENT = 2_039_280
"""Lamports that a token account must hold to exist."""
_SIGNATURE_FEE = 5_000
_OUTSIDER_LAMPORTS = 10**15
_OUTSIDER_UNITS = 10**18
"""What accounts hold whose story is not told: enough to give whatever is asked of them."""

Story = tuple[str, Sequence[Deed]]
"""An address, and what it did."""


@dataclass(slots=True)
class TokenAccount:
    """An account that holds one token for an owner."""

    address: str
    owner: str
    mint: str
    units: int = 0


@dataclass(slots=True)
class StakeAccount:
    """An account whose coins are staked; its owner may take them out."""

    address: str
    owner: str


@dataclass(frozen=True, slots=True)
class TokenHolding:
    """What a token account held before or after a transaction."""

    index: int
    mint: str
    owner: str
    units: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction in its place, with what came of it; the first key pays and signs."""

    signature: str
    slot: int
    has_failed: bool
    fee: int
    keys: tuple[str, ...]
    programs: tuple[str, ...]
    """The last of the keys."""
    lamports_before: tuple[int, ...]
    lamports_after: tuple[int, ...]
    tokens_before: tuple[TokenHolding, ...]
    tokens_after: tuple[TokenHolding, ...]


@dataclass(slots=True)
class Cluster:
    """Everything that a node is asked for, ready to be looked up."""

    seed: int
    known: frozenset[str]
    """Addresses whose story is told."""
    sent: dict[str, Sent] = field(default_factory=dict)
    naming: dict[str, list[Sent]] = field(default_factory=dict)
    """Account -> the transactions that named it, oldest first."""
    lamports: dict[str, int] = field(default_factory=dict)
    token_accounts: dict[str, TokenAccount] = field(default_factory=dict)
    tokens_of: dict[str, dict[str, TokenAccount]] = field(default_factory=dict)
    """Owner -> its open token accounts, by address."""
    stakes: dict[str, StakeAccount] = field(default_factory=dict)

    def lamports_of(self, account: str) -> int:
        """Return what an account of a story holds now; nothing for others."""
        return self.lamports.get(account, 0) if self._is_told(account) else 0

    def open_tokens_of(self, owner: str) -> tuple[TokenAccount, ...]:
        """Return the token accounts that an address of a story has now; none for others."""
        return tuple(self.tokens_of.get(owner, {}).values()) if owner in self.known else ()

    def _is_told(self, account: str) -> bool:
        token = self.token_accounts.get(account)
        return (
            account in self.known
            or account in self.stakes
            or (token is not None and token.owner in self.known)
        )


def slot_at(at: datetime) -> int:
    """Return the newest slot at an instant."""
    return HEAD_SLOT + (at - WORLD_NOW) // _SLOT


def time_of(slot: int) -> int:
    """Return the time of a slot, in whole seconds."""
    return int(WORLD_NOW.timestamp()) + (slot - HEAD_SLOT) * 2 // 5


def build_cluster(stories: Iterable[Story], *, seed: int) -> Cluster:
    """Send every deed in the order of time, and keep what every account holds in the end."""
    told = [(each.at, address, each) for address, deeds in stories for each in deeds]
    told.sort(key=lambda each: each[:2])  # deeds of one address at one instant stay in the order of its story
    cluster = Cluster(seed, frozenset(address for _, address, _ in told))
    for count, (_, address, deed) in enumerate(told):
        _Sending(cluster, address, deed, count).send()
    return cluster


@dataclass(slots=True)
class _Sending:
    """One deed on its way: the accounts that it names, in order, and what changes."""

    cluster: Cluster
    me: str
    deed: Deed
    count: int
    keys: dict[str, None] = field(default_factory=dict)
    lamports: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def send(self) -> None:
        cluster, deed = self.cluster, self.deed
        payer = self._who(deed.payer)
        self.keys[payer] = None
        for move in deed.moves:
            self._move(payer, move)
        self._close(payer)
        self.keys |= {self._who(name): None for name in deed.names}
        programs = self._programs()
        tip = 0 if payer not in cluster.known else number(0, 20_000, cluster.seed, "tip", payer, self.count)
        fee = _SIGNATURE_FEE + tip
        self.lamports[payer] = self.lamports.get(payer, 0) - fee
        before, tokens_before = self._lamports_now(programs), self._tokens_now(self.fresh)
        self._apply()
        self._keep(
            Sent(
                signature=base58(hashlib.sha512(f"{cluster.seed}|{payer}|{self.count}".encode()).digest()),
                slot=slot_at(deed.at),
                has_failed=deed.has_failed,
                fee=fee,
                keys=(*self.keys, *programs),
                programs=programs,
                lamports_before=before,
                lamports_after=self._lamports_now(programs),
                tokens_before=tokens_before,
                tokens_after=self._tokens_now(self.closed),
            )
        )

    def _who(self, name: str) -> str:
        if name == ME:
            return self.me
        if name.startswith(STAKE):
            account = invented_key("stake", self.me, name)
            self.cluster.stakes.setdefault(account, StakeAccount(account, self.me))
            return account
        return name

    def _programs(self) -> tuple[str, ...]:
        token_programs = [program_of(move.mint) for move in self.deed.moves if isinstance(move, Tokens)] + [
            program_of(self.deed.closes) for _ in self.closed if self.deed.closes
        ]
        opening = [TOKEN_ACCOUNT_PROGRAM] if self.fresh else []
        return tuple(dict.fromkeys((*self.deed.programs, *token_programs, *opening)))

    def _move(self, payer: str, move: Coins | Tokens) -> None:
        giver, taker = self._who(move.giver), self._who(move.taker)
        if isinstance(move, Coins):
            self.keys |= dict.fromkeys((giver, taker))
            _change(self.lamports, giver, -move.lamports)
            _change(self.lamports, taker, move.lamports)
            return
        source = self._token_account(payer, giver, move.mint)
        target = self._token_account(payer, taker, move.mint)
        self.keys |= dict.fromkeys((source, target))
        _change(self.units, source, -move.units)
        _change(self.units, target, move.units)

    def _token_account(self, payer: str, owner: str, mint: str) -> str:
        """Return an owner's account of a token; the payer opens it where there is none."""
        address = token_account_of(owner, mint)
        if address in self.cluster.tokens_of.get(owner, {}):
            return address
        is_told = owner in self.cluster.known
        account = TokenAccount(address, owner, mint, 0 if is_told else _OUTSIDER_UNITS)
        self.cluster.token_accounts[address] = account
        self.cluster.tokens_of.setdefault(owner, {})[address] = account
        if is_told:
            self.fresh.append(address)
            self.keys |= {address: None, owner: None}  # who opens an account names its owner
            _change(self.lamports, payer, -TOKEN_RENT)
            _change(self.lamports, address, TOKEN_RENT)
        else:
            self.cluster.lamports[address] = TOKEN_RENT
        return address

    def _close(self, payer: str) -> None:
        if self.deed.closes is None:
            return
        address = token_account_of(payer, self.deed.closes)
        if self.cluster.tokens_of[payer][address].units:
            message = f"{self.deed.at}: an account that is not empty cannot be closed"
            raise ValueError(message)
        self.keys[address] = None
        self.closed.append(address)
        _change(self.lamports, address, -TOKEN_RENT)
        _change(self.lamports, payer, TOKEN_RENT)

    def _lamports_now(self, programs: Sequence[str]) -> tuple[int, ...]:
        held, known = self.cluster.lamports, self.cluster.known
        told = (
            held.setdefault(
                key,
                0 if key in known or key in self.cluster.stakes or key in self.fresh else _OUTSIDER_LAMPORTS,
            )
            for key in self.keys
        )
        return (*told, *(1 for _ in programs))

    def _tokens_now(self, missing: Sequence[str]) -> tuple[TokenHolding, ...]:
        accounts = self.cluster.token_accounts
        return tuple(
            TokenHolding(index, account.mint, account.owner, account.units)
            for index, key in enumerate(self.keys)
            if key not in missing and (account := accounts.get(key)) is not None
        )

    def _apply(self) -> None:
        for account, change in self.lamports.items():
            self.cluster.lamports[account] += change
            self._refuse_debt(account, self.cluster.lamports[account])
        for account, change in self.units.items():
            held = self.cluster.token_accounts[account]
            held.units += change
            self._refuse_debt(account, held.units)
        for account in self.closed:
            del self.cluster.tokens_of[self.me][account]

    def _refuse_debt(self, account: str, held: int) -> None:
        if held < 0:
            message = f"{self.deed.at}: the story spends {-held} smallest units more than {account} has"
            raise ValueError(message)

    def _keep(self, sent: Sent) -> None:
        self.cluster.sent[sent.signature] = sent
        for key in sent.keys:
            self.cluster.naming.setdefault(key, []).append(sent)


def _change(changes: dict[str, int], account: str, change: int) -> None:
    changes[account] = changes.get(account, 0) + change
