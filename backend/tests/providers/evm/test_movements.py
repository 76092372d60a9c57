"""What one transaction does to an account: fees of rollups, wrapping, deposits, payouts, what contracts moved."""

from dataclasses import replace

from kryptos.kernel.amount import Amount
from kryptos.providers.chains.evm import abi
from kryptos.providers.chains.evm.log_search import names_address
from kryptos.providers.chains.evm.movements import InternalTransfer, Touch, fee_units, told_of_touch
from kryptos.providers.chains.evm.wire import Log, Receipt, Transaction
from kryptos.providers.contracts import AssetRef, Standard
from tests.providers.evm.reading import KeptLedger, adapter_over, chain_row
from tests.providers.evm.toy_chain import PERSON, Deed, ToyChain

FRIEND = "0x" + "bb" * 20
TOKEN = "0x" + "cc" * 20
HASH = "0x" + "11" * 32


def touch_of(
    *logs: Log,
    sender: str = PERSON,
    to: str | None = FRIEND,
    value: int = 0,
    sent: dict[str, str] | None = None,
    receipt: dict[str, str] | None = None,
) -> Touch:
    transaction = Transaction(
        hash=HASH,
        block_number="0x1",
        block_hash=HASH,
        transaction_index="0x0",
        sender=sender,
        to=to,
        value=hex(value),
        **(sent or {}),
    )
    outcome = {"gas_used": "0x64", "effective_gas_price": "0x2", "status": "0x1", **(receipt or {})}
    return Touch(transaction, Receipt(transaction_hash=HASH, block_hash=HASH, **outcome), logs, 0)


def log_of(*topics: str, data: int = 0, index: int = 0, contract: str = TOKEN) -> Log:
    return Log(
        address=contract,
        topics=topics,
        data="0x" + data.to_bytes(32, "big").hex(),
        block_number="0x1",
        block_hash=HASH,
        transaction_hash=HASH,
        log_index=hex(index),
    )


TOKENS = {TOKEN: AssetRef("testchain", Standard.ERC20, TOKEN, "TOK", "Token", 0)}


def told(touch: Touch, tokens: dict[str, AssetRef] | None = None) -> dict[str, str]:
    given_back = told_of_touch(
        chain_row(wrapped_native=TOKEN), PERSON, touch, TOKENS if tokens is None else tokens
    )
    assert given_back is not None
    return {
        each.key: f"{each.direction.value} {each.quantity * Amount(10**18 if each.asset.contract is None else 1)}"
        for each in given_back.transaction.movements
    }


def test_fee_counts_what_rollups_and_blobs_cost() -> None:
    assert fee_units(touch_of()) == 200
    assert fee_units(touch_of(receipt={"l1_fee": "0x7"})) == 207
    assert (
        fee_units(touch_of(receipt={"blob_gas_used": "0x20000", "blob_gas_price": "0x3"}))
        == 200 + 3 * 131_072
    )


def test_fee_that_cannot_be_counted_is_told() -> None:
    celo = told_of_touch(chain_row(), PERSON, touch_of(sent={"fee_currency": TOKEN}), {})
    assert celo is not None
    assert celo.transaction.movements == ()
    assert "was paid in" in celo.gaps[0]
    optimism = told_of_touch(chain_row(), PERSON, touch_of(receipt={"operator_fee_constant": "0x1"}), {})
    assert optimism is not None
    assert "operator fee" in optimism.gaps[0]


def test_deposits_from_ethereum_bring_what_they_send() -> None:
    free = {"effective_gas_price": "0x0"}
    minted = {"mint": "0x5", "type": "0x7e"}
    optimism = touch_of(to=PERSON, value=5, sent=minted, receipt=free)
    assert told(optimism) == {"mint": "incoming 5", "native": "outgoing 5", "native:in": "incoming 5"}
    failed = touch_of(to=FRIEND, value=5, sent=minted, receipt=free | {"status": "0x0"})
    assert told(failed) == {"mint": "incoming 5"}
    arbitrum = touch_of(to=PERSON, value=5, sent={"type": "0x64"}, receipt=free)
    assert told(arbitrum) == told(optimism)


def test_wrappers_that_tell_twice_count_once() -> None:
    me, nobody = abi.topic_of(PERSON), abi.topic_of("0x" + "00" * 20)
    deposit = log_of(abi.DEPOSIT, me, data=9, index=1)
    minting = log_of(abi.TRANSFER, nobody, me, data=9, index=2)
    assert told(touch_of(deposit)) == {"log:1": "incoming 9", "fee": "fee 200"}
    assert told(touch_of(deposit, minting)) == {"log:2": "incoming 9", "fee": "fee 200"}
    withdrawal = log_of(abi.WITHDRAWAL, me, data=9, index=1)
    burning = log_of(abi.TRANSFER, me, nobody, data=9, index=2)
    assert told(touch_of(withdrawal)) == {
        "log:1": "outgoing 9",
        "log:1:native": "incoming 9",
        "fee": "fee 200",
    }
    assert told(touch_of(withdrawal, burning)) == {
        "log:1:native": "incoming 9",
        "log:2": "outgoing 9",
        "fee": "fee 200",
    }


def test_what_the_wrapper_paid_out_counts_once() -> None:
    withdrawal = log_of(abi.WITHDRAWAL, abi.topic_of(PERSON), data=9, index=1)
    touch = replace(
        touch_of(withdrawal),
        internals=(
            InternalTransfer(TOKEN, PERSON, 9),
            InternalTransfer(TOKEN, PERSON, 9),
            InternalTransfer(FRIEND, PERSON, 4),
            InternalTransfer(PERSON, FRIEND, 3),
            InternalTransfer(PERSON, PERSON, 2),
        ),
    )
    assert told(touch) == {
        "log:1": "outgoing 9",
        "log:1:native": "incoming 9",
        "internal:1": "incoming 9",
        "internal:2": "incoming 4",
        "internal:3": "outgoing 3",
        "internal:4": "outgoing 2",
        "internal:4:in": "incoming 2",
        "fee": "fee 200",
    }
    failed = replace(touch, receipt=touch_of(receipt={"status": "0x0"}).receipt)
    assert told(failed) == {"fee": "fee 200"}


def test_tokens_that_could_not_be_read_are_left_out() -> None:
    coming = log_of(abi.TRANSFER, abi.topic_of(FRIEND), abi.topic_of(PERSON), data=9)
    assert told(touch_of(coming)) == {"log:0": "incoming 9", "fee": "fee 200"}
    assert told(touch_of(coming), {}) == {"fee": "fee 200"}


def test_contract_that_is_made_is_the_counterparty() -> None:
    touch = touch_of(to=None, value=3, receipt={"contract_address": TOKEN})
    given_back = told_of_touch(chain_row(), PERSON, touch, {})
    assert given_back is not None
    assert str(given_back.transaction.movements[0].counterparty).lower() == TOKEN


async def test_payouts_of_the_beacon_chain_are_found() -> None:
    chain = ToyChain()
    chain.mine(Deed(is_by_person=False, is_token=False, units=10**18))
    chain.mine()
    chain.payouts[2] = 32_000_000_000
    chain.mine()
    kept = await KeptLedger().sync(adapter_over(chain.transport()), PERSON)
    assert kept.sums() == {"native": Amount(33)}
    assert "withdrawal:2" in kept.transactions
    assert kept.gaps == []


async def test_payouts_of_gnosis_are_not_its_native_coin() -> None:
    chain = ToyChain(number=100)
    chain.mine(Deed(is_by_person=False, is_token=False, units=10**18))
    chain.payouts[1] = 32_000_000_000
    chain.native_of = lambda _, height: min(height, 1) * 10**18  # type: ignore[method-assign, assignment]
    row = replace(chain_row(), number=100)
    kept = await KeptLedger().sync(adapter_over(chain.transport(), row=row), PERSON)
    assert kept.sums() == {"native": Amount(1)}
    assert kept.gaps == []


async def test_coin_that_shows_itself_as_a_token_is_no_wrapper() -> None:
    me = abi.topic_of(PERSON)
    celo = "0x471EcE3750Da237f93B8E339c536989b8978a438"
    paid_out = log_of(abi.WITHDRAWAL, me, data=9, contract=celo)
    assert not names_address(chain_row(wrapped_native=celo), PERSON, paid_out)
    assert names_address(chain_row(wrapped_native=TOKEN), PERSON, log_of(abi.WITHDRAWAL, me, data=9))


async def test_collectibles_are_not_taken_for_coins() -> None:
    chain = ToyChain(is_collectible=True)
    chain.mine(Deed(is_by_person=False, is_token=False, units=10**18))
    chain.mine(Deed(is_by_person=False, is_token=True, units=7))
    kept = await KeptLedger().sync(adapter_over(chain.transport()), PERSON)
    assert len(kept.transactions) == 1
