"""The chain as it follows from deeds: transactions in blocks, events, and what every persona held at any block."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from kryptos.providers.sandbox.chance import digest, number
from kryptos.providers.sandbox.ethereum.deeds import ME, Deed, Event, Move, Payout
from kryptos.providers.sandbox.world_time import WORLD_NOW

HEAD = 25_430_000
"""The newest block: every other one follows by arithmetic, twelve seconds apart."""
BLOCK_SECONDS = 12
GWEI = 10**9

_TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
_TOPICS: Mapping[Event, str] = {
    # keccak-256 of Transfer(address,address,uint256), Approval(…), Deposit(address,uint256), Withdrawal(…)
    Event.TRANSFER: _TRANSFER,
    Event.COLLECTIBLE: _TRANSFER,
    Event.APPROVAL: "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925",
    Event.DEPOSIT: "0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c",
    Event.WITHDRAWAL: "0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65",
}

Key = TypeVar("Key")

Story = tuple[str, Sequence[Deed | Payout]]
"""An address, and what it did."""


@dataclass(slots=True)
class Timeline:
    """A number that changes at some blocks and stays as it is between them."""

    heights: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)

    def at(self, height: int) -> int:
        """Return the number at the end of a block; zero before the first change."""
        index = bisect_right(self.heights, height)
        return self.values[index - 1] if index else 0

    def add(self, height: int, change: int) -> None:
        """Change the number at a block, the newest so far; raise ``ValueError`` below zero."""
        after = (self.values[-1] if self.values else 0) + change
        if after < 0:
            message = f"block {height}: the story spends {-after} smallest units more than there are"
            raise ValueError(message)
        if self.heights and self.heights[-1] == height:
            self.values[-1] = after
        else:
            self.heights.append(height)
            self.values.append(after)


@dataclass(frozen=True, slots=True)
class Log:
    """An event in its place."""

    contract: str
    topics: tuple[str, ...]
    data: str
    block: int
    transaction: str
    transaction_index: int
    index: int


@dataclass(frozen=True, slots=True)
class Sent:
    """A transaction in its place."""

    hash: str
    deed: Deed
    block: int
    index: int
    nonce: int
    gas_used: int
    gas_price: int
    logs: tuple[Log, ...]


@dataclass(frozen=True, slots=True)
class PaidOut:
    """A payout in its place."""

    index: int
    address: str
    gwei: int


@dataclass(slots=True)
class Chain:
    """Everything that a node is asked for, ready to be looked up."""

    seed: int
    transactions: dict[str, Sent] = field(default_factory=dict)
    blocks: dict[int, list[Sent]] = field(default_factory=dict)
    payouts: dict[int, list[PaidOut]] = field(default_factory=dict)
    logs: list[Log] = field(default_factory=list)
    logs_naming: dict[str, list[Log]] = field(default_factory=dict)
    """Address as a topic -> the logs that name it, in order."""
    wei: dict[str, Timeline] = field(default_factory=dict)
    nonces: dict[str, Timeline] = field(default_factory=dict)
    tokens: dict[tuple[str, str], Timeline] = field(default_factory=dict)
    """Contract and holder -> smallest units; collectibles are counted here too."""
    owners: dict[tuple[str, int], list[tuple[int, str]]] = field(default_factory=dict)
    """Contract and number of a collectible -> since which block it is whose."""

    def block_hash(self, height: int) -> str:
        """Return the hash of a block; its last 16 digits are its height, so that it can be found again."""
        return "0x" + (digest(self.seed, "block", height)[:24] + height.to_bytes(8, "big")).hex()

    def height_of(self, block_hash: str) -> int | None:
        """Return the height of a block by its hash; None if there is no such block."""
        height = int(block_hash[-16:], 16)
        return height if height <= HEAD and self.block_hash(height) == block_hash else None

    def base_fee(self, height: int) -> int:
        """Return what a unit of gas cost at least in a block: it drifts from day to day and jumps a little."""
        return number(2 * GWEI, 14 * GWEI, self.seed, "day", height // 7_200) + number(
            0, GWEI, self.seed, "fee", height
        )


def height_at(at: datetime) -> int:
    """Return the newest block at an instant."""
    return HEAD + (at - WORLD_NOW) // timedelta(seconds=BLOCK_SECONDS)


def time_of(height: int) -> int:
    """Return the timestamp of a block."""
    return int(WORLD_NOW.timestamp()) - (HEAD - height) * BLOCK_SECONDS


def topic_of(address: str) -> str:
    """Return an address as an indexed field of an event."""
    return "0x" + address[2:].rjust(64, "0")


def word(units: int) -> str:
    """Return a number as 32 bytes in hexadecimal."""
    return f"0x{units:064x}"


def build_chain(stories: Iterable[Story], *, seed: int) -> Chain:
    """Put every deed into its block, in the order of time, and count what follows from it."""
    told = [(each.at, address, each) for address, deeds in stories for each in deeds]
    told.sort(key=lambda each: each[:2])  # deeds of one address at one instant stay in the order of its story
    chain = Chain(seed)
    known = {address for _, address, _ in told}
    for at, address, each in told:
        if isinstance(each, Payout):
            _pay_out(chain, height_at(at), address, each)
        else:
            _send(chain, height_at(at), address, each, known)
    return chain


def _pay_out(chain: Chain, height: int, address: str, payout: Payout) -> None:
    index = 90_000_000 + sum(map(len, chain.payouts.values()))
    chain.payouts.setdefault(height, []).append(PaidOut(index, address, payout.gwei))
    _timeline(chain.wei, address).add(height, payout.gwei * GWEI)


def _send(chain: Chain, height: int, address: str, told: Deed, known: set[str]) -> None:
    deed = _resolved(told, address)
    here = chain.blocks.setdefault(height, [])
    nonces = _timeline(chain.nonces, deed.sender)
    nonce = nonces.at(height)
    name = "0x" + digest(chain.seed, "transaction", deed.sender, nonce, height).hex()
    first_log = sum(len(each.logs) for each in here)
    moves = () if deed.has_failed else deed.moves
    sent = Sent(
        hash=name,
        deed=deed,
        block=height,
        index=len(here),
        nonce=nonce,
        gas_used=deed.gas if not deed.selector else number(deed.gas * 95 // 100, deed.gas, name, "gas"),
        gas_price=chain.base_fee(height) + number(GWEI // 20, GWEI, name, "tip"),
        logs=tuple(_log(move, height, name, len(here), first_log + at) for at, move in enumerate(moves)),
    )
    here.append(sent)
    chain.transactions[name] = sent
    nonces.add(height, 1)
    for log in sent.logs:
        chain.logs.append(log)
        for topic in dict.fromkeys(log.topics[1:3]):
            chain.logs_naming.setdefault(topic, []).append(log)
    _count(chain, sent, known)


def _resolved(deed: Deed, address: str) -> Deed:
    def who(name: str) -> str:
        return address if name == ME else name

    return Deed(
        at=deed.at,
        sender=who(deed.sender),
        receiver=who(deed.receiver),
        wei=deed.wei,
        moves=tuple(
            Move(move.event, move.contract, who(move.giver), who(move.taker), move.units)
            for move in deed.moves
        ),
        gas=deed.gas,
        selector=deed.selector,
        returned_wei=deed.returned_wei,
        has_failed=deed.has_failed,
    )


def _log(move: Move, height: int, transaction: str, transaction_index: int, index: int) -> Log:
    topics: tuple[str, ...] = (_TOPICS[move.event], topic_of(move.giver))
    if move.event not in {Event.DEPOSIT, Event.WITHDRAWAL}:
        topics = (*topics, topic_of(move.taker))
    is_collectible = move.event is Event.COLLECTIBLE
    return Log(
        contract=move.contract,
        topics=(*topics, word(move.units)) if is_collectible else topics,
        data="0x" if is_collectible else word(move.units),
        block=height,
        transaction=transaction,
        transaction_index=transaction_index,
        index=index,
    )


def _count(chain: Chain, sent: Sent, known: set[str]) -> None:
    """Count what a transaction changed for those whose story is told; of all others nobody asks."""
    deed, height = sent.deed, sent.block
    if deed.sender in known:
        wei = _timeline(chain.wei, deed.sender)
        spent = 0 if deed.has_failed else deed.wei
        wei.add(height, deed.returned_wei - spent - sent.gas_used * sent.gas_price)
    if deed.receiver in known and not deed.has_failed:
        _timeline(chain.wei, deed.receiver).add(height, deed.wei)
    for move in () if deed.has_failed else deed.moves:
        units = 1 if move.event is Event.COLLECTIBLE else move.units
        if move.event is Event.COLLECTIBLE:
            chain.owners.setdefault((move.contract, move.units), []).append((height, move.taker))
        gives = move.event in {Event.TRANSFER, Event.COLLECTIBLE, Event.WITHDRAWAL}
        takes = move.event in {Event.TRANSFER, Event.COLLECTIBLE, Event.DEPOSIT}
        if gives and move.giver in known:
            _timeline(chain.tokens, (move.contract, move.giver)).add(height, -units)
        if takes and move.taker in known:
            _timeline(chain.tokens, (move.contract, move.taker)).add(height, units)


def _timeline(timelines: dict[Key, Timeline], key: Key) -> Timeline:
    return timelines.setdefault(key, Timeline())
