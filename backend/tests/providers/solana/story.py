"""A person's life on a cluster: coin, tokens of both programs, stake, wrapping, failures; all by the real programs."""

from dataclasses import dataclass, field

from solders.keypair import Keypair

from tests.providers.solana.cluster import Cluster, token_state
from tests.providers.solana.programs import (
    ACCOUNT_BYTES,
    FEE_MINT_BYTES,
    MINT_BYTES,
    STAKE,
    STAKE_BYTES,
    TOKEN,
    TOKEN_2022,
    WRAPPED,
    associated,
    burn,
    close,
    hand_over,
    mint_to,
    new_account,
    open_associated,
    send_lamports,
    send_tokens,
    start_account,
    start_mint,
    start_stake,
    start_transfer_fee,
    sync_native,
    withdraw_stake,
)

COIN = 10**9
DOLLAR_DECIMALS = 6
LEVY_DECIMALS = 9
_NOT_TOLD = {"art", "hidden account", "given filled", "failure of somebody else"}


@dataclass
class Story:
    """Who and what exists on the cluster, and the transactions worth looking at by name."""

    cluster: Cluster = field(default_factory=Cluster)
    named: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        new = self.cluster.keypair
        self.person_key, self.friend_key, self.dollar_key, self.levy_key, self.art_key = (
            new() for _ in range(5)
        )
        self.person, self.friend = self.person_key.pubkey(), self.friend_key.pubkey()
        self.dollar, self.levy, self.art = (
            key.pubkey() for key in (self.dollar_key, self.levy_key, self.art_key)
        )
        self.stake_keys = [new() for _ in range(3)]

    @property
    def told_ids(self) -> set[str]:
        """The named transactions that did something to the person, or that the person signed."""
        return {id_ for name, id_ in self.named.items() if name not in _NOT_TOLD}

    @property
    def address(self) -> str:
        """The person."""
        return str(self.person)

    def open_mint(self, payer: Keypair, mint: Keypair, decimals: int) -> str:
        """Make a mint of the first token program whose authority is its payer."""
        cluster, key = self.cluster, mint.pubkey()
        account = new_account(payer.pubkey(), key, cluster.rent(MINT_BYTES), MINT_BYTES, TOKEN)
        return cluster.send([account, start_mint(key, decimals, payer.pubkey())], payer, mint)

    def open_stake(self, payer: Keypair, stake: Keypair, lamports: int) -> str:
        """Make a stake account of the payer's."""
        account = new_account(payer.pubkey(), stake.pubkey(), lamports, STAKE_BYTES, STAKE)
        start = start_stake(stake.pubkey(), payer.pubkey(), payer.pubkey())
        return self.cluster.send([account, start], payer, stake)

    def truth(self, slot: int) -> dict[str, int]:
        """Return what the machine itself says that the person held, in smallest units, by mint."""
        cluster = self.cluster
        state = cluster.state(self.address, slot)
        units = {"native": state.lamports if state else 0}
        for _, stake in cluster.states(str(STAKE), slot):
            if stake.data[44:76] == bytes(self.person):
                units["native"] += stake.lamports
        for program in (TOKEN, TOKEN_2022):
            for _, account in cluster.states(str(program), slot):
                token = token_state(account)
                if token is not None and token.owner == self.address:
                    units[token.mint] = units.get(token.mint, 0) + token.units
        return {what: count for what, count in units.items() if count}


def rich_story() -> Story:
    """Return a new life, with money and a stake account."""
    story = Story()
    bank = story.cluster.bank
    for somebody in (story.person, story.friend):
        story.cluster.send([send_lamports(bank.pubkey(), somebody, 10 * COIN)], bank)
    story.open_stake(story.person_key, story.stake_keys[0], 4 * COIN)
    return story


def tell_story() -> Story:
    """Live it."""
    story = Story()
    _coins(story)
    _dollars(story)
    _levies(story)
    _failures(story)
    _stakes(story)
    _wrapping(story)
    return story


def _coins(story: Story) -> None:
    send, named = story.cluster.send, story.named
    bank = story.cluster.bank
    named["first coins"] = send([send_lamports(bank.pubkey(), story.person, 20 * COIN)], bank)
    send([send_lamports(bank.pubkey(), story.friend, 20 * COIN)], bank)
    named["coins out"] = send([send_lamports(story.person, story.friend, 3 * COIN // 2)], story.person_key)
    named["coins in"] = send([send_lamports(story.friend, story.person, 1)], story.friend_key)
    named["coins to oneself"] = send([send_lamports(story.person, story.person, COIN)], story.person_key)


def _dollars(story: Story) -> None:
    send, named, cluster = story.cluster.send, story.named, story.cluster
    person, friend, dollar = story.person, story.friend, story.dollar
    mint = (dollar, DOLLAR_DECIMALS)
    own, other = associated(person, dollar), associated(friend, dollar)
    named["mint"] = story.open_mint(story.person_key, story.dollar_key, DOLLAR_DECIMALS)
    named["token account"] = send([open_associated(person, person, dollar)], story.person_key)
    named["minting"] = send([mint_to(dollar, own, person, 1_000_500_000)], story.person_key)
    named["token out"] = send(
        [open_associated(person, friend, dollar), send_tokens(own, other, person, mint, 250_250_000)],
        story.person_key,
    )
    named["token in"] = send([send_tokens(other, own, friend, mint, 1)], story.friend_key)
    named["burning"] = send([burn(own, dollar, person, 500_000)], story.person_key)
    named["art"] = story.open_mint(story.friend_key, story.art_key, 0)
    named["art in"] = send(
        [
            open_associated(friend, person, story.art),
            mint_to(story.art, associated(person, story.art), friend, 1),
        ],
        story.friend_key,
    )
    # An account that names the person nowhere until it is closed.
    hidden = cluster.keypair()
    account = new_account(friend, hidden.pubkey(), cluster.rent(ACCOUNT_BYTES), ACCOUNT_BYTES, TOKEN)
    named["hidden account"] = send(
        [account, start_account(hidden.pubkey(), dollar, person)], story.friend_key, hidden
    )
    named["hidden in"] = send(
        [send_tokens(other, hidden.pubkey(), friend, mint, 5_000_000)], story.friend_key
    )
    named["hidden closed"] = send(
        [send_tokens(hidden.pubkey(), own, person, mint, 5_000_000), close(hidden.pubkey(), person, person)],
        story.person_key,
    )
    # An account that changes hands, and tokens that come with it.
    given = cluster.keypair()
    account = new_account(friend, given.pubkey(), cluster.rent(ACCOUNT_BYTES), ACCOUNT_BYTES, TOKEN)
    send([account, start_account(given.pubkey(), dollar, friend)], story.friend_key, given)
    named["given filled"] = send([send_tokens(other, given.pubkey(), friend, mint, 7)], story.friend_key)
    named["given"] = send([hand_over(given.pubkey(), friend, person)], story.friend_key)


def _levies(story: Story) -> None:
    """A token of Token-2022 of which every transfer keeps 1 % back, 0.05 at most."""
    send, named = story.cluster.send, story.named
    person, friend, levy = story.person, story.friend, story.levy
    mint = (levy, LEVY_DECIMALS)
    own, other = (associated(each, levy, TOKEN_2022) for each in (person, friend))
    account = new_account(friend, levy, story.cluster.rent(FEE_MINT_BYTES), FEE_MINT_BYTES, TOKEN_2022)
    send(
        [
            account,
            start_transfer_fee(levy, 100, 50_000_000),
            start_mint(levy, LEVY_DECIMALS, friend, TOKEN_2022),
        ],
        story.friend_key,
        story.levy_key,
    )
    named["levy minting"] = send(
        [
            open_associated(friend, person, levy, TOKEN_2022),
            open_associated(friend, friend, levy, TOKEN_2022),
            mint_to(levy, own, friend, 10 * COIN, TOKEN_2022),
        ],
        story.friend_key,
    )
    named["levy out"] = send([send_tokens(own, other, person, mint, 2 * COIN, TOKEN_2022)], story.person_key)
    named["levy in"] = send([send_tokens(other, own, friend, mint, COIN, TOKEN_2022)], story.friend_key)


def _failures(story: Story) -> None:
    send, named = story.cluster.send, story.named
    person, friend, mint = story.person, story.friend, (story.dollar, DOLLAR_DECIMALS)
    own, other = associated(person, story.dollar), associated(friend, story.dollar)
    named["failure"] = send(
        [send_lamports(person, friend, COIN), send_tokens(own, other, person, mint, 10**15)],
        story.person_key,
        fails=True,
    )
    named["failure of somebody else"] = send(
        [send_lamports(friend, person, COIN), send_tokens(other, own, friend, mint, 10**15)],
        story.friend_key,
        fails=True,
    )


def _stakes(story: Story) -> None:
    send, named = story.cluster.send, story.named
    person, cluster = story.person, story.cluster
    first, closed = story.stake_keys[:2]
    rent = cluster.rent(STAKE_BYTES)
    named["stake"] = story.open_stake(story.person_key, first, 5 * COIN + rent)
    named["stake partly back"] = send(
        [withdraw_stake(first.pubkey(), person, person, COIN)], story.person_key
    )
    named["stake to friend"] = send(
        [withdraw_stake(first.pubkey(), story.friend, person, COIN // 4)], story.person_key
    )
    named["second stake"] = story.open_stake(story.person_key, closed, COIN + rent)
    named["stake closed"] = send(
        [withdraw_stake(closed.pubkey(), person, person, COIN + rent)], story.person_key
    )


def _wrapping(story: Story) -> None:
    send, named, person = story.cluster.send, story.named, story.person
    own = associated(person, WRAPPED)
    named["wrap"] = send(
        [open_associated(person, person, WRAPPED), send_lamports(person, own, COIN), sync_native(own)],
        story.person_key,
    )
    named["unwrap"] = send([close(own, person, person)], story.person_key)
    named["wrap again"] = send(
        [open_associated(person, person, WRAPPED), send_lamports(person, own, 3), sync_native(own)],
        story.person_key,
    )
    named["unwrap again"] = send([close(own, person, person)], story.person_key)
    # Two in one slot: nobody tells which was first.
    named["twins 1"] = send([send_lamports(person, story.friend, 11)], story.person_key)
    story.cluster.pace = 0
    named["twins 2"] = send([send_lamports(story.friend, person, 4)], story.friend_key)
    story.cluster.pace = 1
