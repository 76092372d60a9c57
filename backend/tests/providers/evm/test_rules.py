"""The family's rules one by one: addresses, numbers, selectors, cursors, fees of rollups, wrapping, what nodes say."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kryptos.catalog.keccak import keccak256
from kryptos.kernel.amount import Amount
from kryptos.providers.chains.coins import amount_of
from kryptos.providers.chains.evm import abi
from kryptos.providers.chains.evm.address import normalise_address
from kryptos.providers.chains.evm.cursor import Cursor, Unexplained, read_cursor
from kryptos.providers.chains.evm.node_errors import CallReverted, RangeTooWide, StateUnavailable, error_of
from kryptos.providers.chains.evm.quantity import bytes_of, number_of
from kryptos.providers.chains.json_rpc import NodeAnsweredWithError, NodeBusy
from kryptos.providers.contracts import AddressInvalid, CouldNotLook

FRIEND = "0x" + "bb" * 20
TOKEN = "0x" + "cc" * 20
HASH = "0x" + "11" * 32
VITALIK = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize("text", [VITALIK, VITALIK.lower(), "0x" + VITALIK[2:].upper(), f" {VITALIK}\n"])
def test_address_comes_back_with_its_checksum(text: str) -> None:
    assert normalise_address(text, chain_number=1) == VITALIK


@pytest.mark.parametrize(
    "text",
    ["", "0x", VITALIK[2:], VITALIK[:-1], VITALIK + "0", VITALIK.swapcase(), "vitalik.eth", "0x" + "g" * 40],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(AddressInvalid):
        normalise_address(text, chain_number=1)


def test_one_mistyped_capital_is_noticed() -> None:
    for at, sign in enumerate(VITALIK):
        if at > 1 and sign.isalpha():
            with pytest.raises(AddressInvalid):
                normalise_address(VITALIK[:at] + sign.swapcase() + VITALIK[at + 1 :], chain_number=1)


def test_checksum_of_rootstock() -> None:
    of_rootstock = "0x5aaEB6053f3e94c9b9a09f33669435E7ef1bEAeD"  # EIP-1191, first test vector of chain 30
    assert normalise_address(of_rootstock, chain_number=30) == "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    with pytest.raises(AddressInvalid):
        normalise_address(of_rootstock, chain_number=1)


# ---------------------------------------------------------------- numbers


@given(st.integers(0, 2**256 - 1), st.integers(0, 77))
def test_amounts_are_exact(units: int, decimals: int) -> None:
    amount = amount_of(units, decimals)
    assert amount * Amount(10**decimals) == Amount(units)
    assert Amount(str(amount)) == amount


@given(st.integers(0, 2**256 - 1))
def test_quantities_are_read_exactly(number: int) -> None:
    assert number_of(hex(number)) == number


@pytest.mark.parametrize("text", ["", "0x", "12", "-0x1", "0x-1", "0x1_0", "0xg", " 0x1", "0x" + "f" * 65])
def test_other_quantities_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a hexadecimal"):
        number_of(text)


@pytest.mark.parametrize("text", ["", "0x1", "0xzz", "00"])
def test_other_data_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not hexadecimal"):
        bytes_of(text)


# ---------------------------------------------------------------- contract ABI


@pytest.mark.parametrize(
    ("signature", "selector"),
    [
        ("balanceOf(address)", abi.BALANCE_OF),
        ("decimals()", abi.DECIMALS),
        ("symbol()", abi.SYMBOL),
        ("name()", abi.NAME),
        ("aggregate3((address,bool,bytes)[])", abi.AGGREGATE3),
    ],
)
def test_selectors(signature: str, selector: bytes) -> None:
    assert keccak256(signature.encode())[:4] == selector


@pytest.mark.parametrize(
    ("signature", "topic"),
    [
        ("Transfer(address,address,uint256)", abi.TRANSFER),
        ("Deposit(address,uint256)", abi.DEPOSIT),
        ("Withdrawal(address,uint256)", abi.WITHDRAWAL),
    ],
)
def test_topics(signature: str, topic: str) -> None:
    assert "0x" + keccak256(signature.encode()).hex() == topic


@given(st.binary(max_size=300))
def test_any_answer_of_a_token_can_be_read(answer: bytes) -> None:
    assert abi.text_in(answer) is None or isinstance(abi.text_in(answer), str)


@given(st.binary(max_size=300), st.integers(1, 4))
def test_other_answers_than_multicalls_are_refused_or_read(answer: bytes, count: int) -> None:
    with contextlib.suppress(ValueError):
        assert len(abi.decode_aggregate3(answer, count=count)) == count


# ---------------------------------------------------------------- cursors

hashes = st.binary(min_size=32, max_size=32).map(lambda raw: "0x" + raw.hex())
units = st.integers(-(2**256), 2**256).map(str)
cursors = st.builds(
    lambda block, kept, balance, nonce, unexplained: Cursor(
        block, {}, balance=balance, nonce=nonce, unexplained=unexplained
    ).with_hashes(kept),
    st.integers(0, 2**40),
    st.dictionaries(st.integers(0, 2**40), hashes, max_size=90),
    st.none() | st.integers(0, 2**256).map(str),
    st.none() | st.integers(0, 2**40),
    st.none() | st.builds(Unexplained, st.integers(0, 2**40), st.integers(0, 2**40), units),
)


@given(cursors)
def test_cursor_comes_back_as_it_was(cursor: Cursor) -> None:
    assert read_cursor(cursor.text()) == cursor
    assert len(cursor.hashes) <= 64
    assert all(height <= cursor.block for height in cursor.kept_heights)


@given(st.integers(70, 10**9), st.data())
def test_cursor_knows_the_newest_blocks_again(block: int, data: st.DataObject) -> None:
    kept = {block - depth: data.draw(hashes) for depth in range(70)}
    cursor = Cursor(block, {}).with_hashes(kept)
    assert cursor.kept_heights == [block - depth for depth in range(64)]
    assert all(cursor.matches(height, kept[height]) for height in cursor.kept_heights)
    assert not cursor.matches(block - 69, kept[block - 69])
    assert cursor.rewound_to(block - 10).kept_heights[0] == block - 10


@pytest.mark.parametrize(
    "text",
    ["", "{}", "null", "[]", '{"block":1}', '{"block":"x","hashes":{}}', '{"block":1,"hashes":{"a":"b"}}'],
)
def test_other_cursors_are_refused(text: str) -> None:
    with pytest.raises(CouldNotLook, match="sync from the beginning"):
        read_cursor(text)


def test_cursor_of_another_version_is_refused() -> None:
    later = json.dumps(json.loads(Cursor(1, {}).text()) | {"version": 2})
    with pytest.raises(CouldNotLook, match="Another version"):
        read_cursor(later)


# ---------------------------------------------------------------- what nodes say


@pytest.mark.parametrize(
    ("method", "code", "message", "kind", "blocks"),
    [
        ("eth_getLogs", -32005, "query returned more than 10000 results", RangeTooWide, None),
        ("eth_getLogs", -32602, "eth_getLogs is limited to a 10,000 range", RangeTooWide, None),
        ("eth_getLogs", -32000, "exceed maximum block range: 5000", RangeTooWide, None),
        ("eth_getLogs", -32614, "eth_getLogs is limited to a 10,000 blocks range", RangeTooWide, 10_000),
        (
            "eth_getLogs",
            -32600,
            "You can make eth_getLogs requests with up to a 10 block range.",
            RangeTooWide,
            10,
        ),
        ("eth_getLogs", 35, "ranges over 10000 blocks are not supported on freetier", RangeTooWide, 10_000),
        ("eth_getLogs", -32000, "block range is too wide: 2k blocks", RangeTooWide, 2_000),
        ("eth_getLogs", -32002, "query timeout exceeded", RangeTooWide, None),
        ("eth_call", -32005, "daily request count exceeded, request rate limited", NodeBusy, None),
        ("eth_call", 429, "slow down", NodeBusy, None),
        ("eth_call", 3, "execution reverted: no", CallReverted, None),
        ("eth_call", -32000, "out of gas", CallReverted, None),
        ("eth_getBalance", -32000, "missing trie node 1234 (path )", StateUnavailable, None),
        ("eth_getBalance", -32000, "header not found", StateUnavailable, None),
        ("eth_call", -32000, "historical state 0xabc is not available", StateUnavailable, None),
        ("eth_call", -32601, "the method does not exist", NodeAnsweredWithError, None),
    ],
)
def test_errors_are_told_apart(
    method: str, code: int, message: str, kind: type[NodeAnsweredWithError], blocks: int | None
) -> None:
    error = error_of({"code": code, "message": message}, method=method, node="Node (host)")
    assert type(error) is kind
    if isinstance(error, RangeTooWide):
        assert error.blocks == blocks


@pytest.mark.parametrize("error", [None, "no", 5, [], {}, {"message": None}, {"data": {"rate": 5}}])
def test_errors_of_any_form_are_errors(error: object) -> None:
    assert isinstance(error_of(error, method="eth_call", node="Node (host)"), CouldNotLook)


def test_no_error_repeats_the_address_of_the_node() -> None:
    said = {"code": 1, "message": "https://node.example/v2/s3cret is over its plan " + "x" * 999}
    message = error_of(said, method="eth_call", node="Node (host)").message
    assert "s3cret" not in message
    assert len(message) < 300
