"""Token accounts that are known only after they were used: what they did before comes all the same, and once."""

import pytest
from solders.instruction import Instruction

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.solana import SolanaLimits
from kryptos.providers.contracts import Direction
from tests.providers.solana.node import Node
from tests.providers.solana.programs import (
    ACCOUNT_BYTES,
    TOKEN,
    associated,
    close,
    hand_over,
    mint_to,
    new_account,
    open_associated,
    send_lamports,
    send_tokens,
    start_account,
)
from tests.providers.solana.reading import KeptLedger, adapter_of, in_coins
from tests.providers.solana.story import Story, rich_story


async def test_account_that_closes_before_it_was_ever_seen(story: Story) -> None:
    """It filled without the person's name, and closed after the last slot that the first read reads."""
    closed_at = next(e.slot for e in story.cluster.entries if e.signature == story.named["hidden closed"])
    for is_given in (True, False):
        node = Node(story.cluster, top=closed_at)
        limits = SolanaLimits(settled_slots=1)
        if (
            not is_given
        ):  # the node lists the closing, but does not give it yet: the next read makes up for it
            node.interfere = lambda call: (
                {"result": None}
                if call["method"] == "getTransaction" and call["params"][0] == story.named["hidden closed"]
                else None
            )
        kept = await KeptLedger().sync(adapter_of(node, limits=limits), story.address)
        assert (story.named["hidden in"] in kept.transactions) is is_given
        node.interfere, node.top = lambda _: None, story.cluster.slot + 1
        await kept.sync(adapter_of(node, limits=limits), story.address)
        assert kept.transactions.keys() == story.told_ids
        assert kept.sums() == in_coins(story.truth(story.cluster.slot), node)
        assert kept.gaps == []


def given_account_story(*, pause: int) -> tuple[Story, list[str]]:
    """Return a life with an account of the friend's that the person pays into, gets, and closes; and its payments."""
    story = rich_story()
    send, dollar = story.cluster.send, (story.dollar, 2)
    account_key, own = story.cluster.keypair(), associated(story.person, story.dollar)
    account = account_key.pubkey()
    story.open_mint(story.friend_key, story.dollar_key, 2)
    opened = [
        new_account(story.friend, account, story.cluster.rent(ACCOUNT_BYTES), ACCOUNT_BYTES, TOKEN),
        start_account(account, story.dollar, story.friend),
        open_associated(story.friend, story.person, story.dollar),
        mint_to(story.dollar, own, story.friend, 100),
    ]
    send(opened, story.friend_key, account_key)
    paid = [send([send_tokens(own, account, story.person, dollar, 30)], story.person_key)]
    send([hand_over(account, story.friend, story.person)], story.friend_key)
    paid += [
        send([mint_to(story.dollar, account, story.friend, units)], story.friend_key) for units in (7, 8)
    ]
    send([send_lamports(story.person, story.friend, 5)], story.person_key)
    story.cluster.slot += pause
    transfer = [
        send_tokens(account, own, story.person, dollar, 45),
        close(account, story.person, story.person),
    ]
    send(transfer, story.person_key)
    return story, paid


@pytest.mark.parametrize("page", [1, 2, 3, 100])
async def test_account_that_turns_up_late_brings_what_was_not_told_and_no_more(page: int) -> None:
    story, paid = given_account_story(pause=0)
    limits, node = SolanaLimits(settled_slots=0, page_transactions=page), Node(story.cluster)
    whole = await KeptLedger().sync(adapter_of(node, limits=limits), story.address)
    assert whole.sums() == in_coins(story.truth(node.slot), node)
    assert whole.sums()[str(story.dollar)] == Amount("1.15")
    assert set(paid) <= whole.transactions.keys()
    assert whole.gaps == []
    broken = KeptLedger()
    while not broken.is_complete:
        await broken.one_page(adapter_of(node, limits=limits), story.address)
    assert broken.transactions == whole.transactions


async def test_account_that_turns_up_late_behind_a_cursor() -> None:
    """The first read could not know of it; whatever page the next one breaks off at, all of it comes once."""
    story, paid = given_account_story(pause=6)
    closing = story.cluster.entries[-1]
    limits = SolanaLimits(settled_slots=3, page_transactions=1)
    node = Node(story.cluster, top=closing.slot)
    node.interfere = lambda call: (
        {"result": None}
        if call["method"] == "getTransaction" and call["params"][0] == closing.signature
        else None
    )
    kept = await KeptLedger().sync(adapter_of(node, limits=limits), story.address)
    assert not set(paid[1:]) & kept.transactions.keys()
    node.interfere = lambda _: None
    for later in range(1, 5):
        node.top = closing.slot + later
        kept.is_complete = False
        while not kept.is_complete:
            await kept.one_page(adapter_of(node, limits=limits), story.address)
    assert set(paid) <= kept.transactions.keys()
    assert kept.sums() == in_coins(story.truth(closing.slot), node)
    assert kept.gaps == []


async def test_token_account_opened_again_under_the_same_address() -> None:
    """Wallets wrap and unwrap through one address for ever: what it did before it was closed is not told twice."""
    story = rich_story()
    person, own = story.person_key, associated(story.person, story.dollar)
    story.open_mint(story.friend_key, story.dollar_key, 2)
    node, kept = Node(story.cluster), KeptLedger()
    for units in (1, 2, 3):
        opened = open_associated(story.person, story.person, story.dollar)
        story.cluster.send([opened], person)
        story.cluster.send([mint_to(story.dollar, own, story.friend, units)], story.friend_key)
        await kept.sync(adapter_of(node, limits=SolanaLimits(settled_slots=1)), story.address)
        transfer = [
            open_associated(story.person, story.friend, story.dollar),
            _all_of(story, units),
            close(own, story.person, story.person),
        ]
        story.cluster.send(transfer, person)
    story.cluster.slot += 1
    await kept.sync(adapter_of(node, limits=SolanaLimits(settled_slots=1)), story.address)
    assert kept.sums() == in_coins(story.truth(node.slot), node)
    assert str(story.dollar) not in kept.sums()
    came = [
        movement.quantity
        for each in kept.transactions.values()
        for movement in each.movements
        if movement.asset.contract and movement.direction is Direction.INCOMING
    ]
    assert came == [Amount("0.01"), Amount("0.02"), Amount("0.03")]


def _all_of(story: Story, units: int) -> Instruction:
    """Send all dollars to the friend."""
    own, other = associated(story.person, story.dollar), associated(story.friend, story.dollar)
    return send_tokens(own, other, story.person, (story.dollar, 2), units)
