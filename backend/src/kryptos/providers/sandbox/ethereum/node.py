"""The Ethereum node of the sandbox: each JSON-RPC method as a look-up in the chain."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from kryptos.providers.sandbox.ethereum import contracts
from kryptos.providers.sandbox.ethereum.assets import CONTRACTS
from kryptos.providers.sandbox.ethereum.chain import HEAD, Chain, Log, Sent
from kryptos.providers.sandbox.ethereum.wire import (
    block_fields,
    log_fields,
    receipt_fields,
    transaction_fields,
)
from kryptos.providers.sandbox.json_rpc import (
    Method,
    Refused,
    fields_parameter,
    parameter,
    refuse_parameters,
    text_parameter,
)

_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,16}")
_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_TAGS = {"earliest": 0, "latest": HEAD, "pending": HEAD, "safe": HEAD, "finalized": HEAD}
"""The world stands still: the newest block is final."""
_CODE = "0x6080604052600080fd"
"""Stands for the code of every contract; it is never run."""


class EthereumNode:
    """Answers for mainnet, whose chain id it has."""

    def __init__(self, chain: Chain, *, broken: str) -> None:
        self._chain = chain
        self._broken = broken[2:].encode()
        self.methods: Mapping[str, Method] = {
            "eth_chainId": lambda _: "0x1",
            "net_version": lambda _: "1",
            "web3_clientVersion": lambda _: "kryptos-sandbox/1",
            "eth_syncing": lambda _: False,
            "eth_gasPrice": lambda _: hex(chain.base_fee(HEAD)),
            "eth_blockNumber": lambda _: hex(HEAD),
            "eth_getBlockByNumber": self._block_by_number,
            "eth_getBlockByHash": self._block_by_hash,
            "eth_getBalance": self._balance,
            "eth_getTransactionCount": self._transaction_count,
            "eth_getCode": lambda params: _CODE if _address(params) in CONTRACTS else "0x",
            "eth_getLogs": self._logs,
            "eth_getTransactionByHash": self._transaction,
            "eth_getTransactionReceipt": self._receipt,
            "eth_getBlockReceipts": self._block_receipts,
            "eth_call": self._call,
        }

    def is_out_of_order(self, request: bytes) -> bool:
        """Say whether the broken persona's address is asked for."""
        return self._broken in request.lower()

    def _block_by_number(self, params: Sequence[object]) -> object:
        height = _height(parameter(params, 0))
        return (
            None if height > HEAD else block_fields(self._chain, height, is_full=parameter(params, 1) is True)
        )

    def _block_by_hash(self, params: Sequence[object]) -> object:
        height = self._height_of_hash(text_parameter(params, 0))
        return (
            None
            if height is None
            else block_fields(self._chain, height, is_full=parameter(params, 1) is True)
        )

    def _height_of_hash(self, block_hash: str) -> int | None:
        if not _HASH.fullmatch(block_hash):
            refuse_parameters("no hash")
        return self._chain.height_of(block_hash.lower())

    def _balance(self, params: Sequence[object]) -> object:
        held = self._chain.wei.get(_address(params))
        return hex(held.at(_known_height(params)) if held else 0)

    def _transaction_count(self, params: Sequence[object]) -> object:
        sent = self._chain.nonces.get(_address(params))
        return hex(sent.at(_known_height(params)) if sent else 0)

    def _sent(self, params: Sequence[object]) -> Sent | None:
        return self._chain.transactions.get(text_parameter(params, 0).lower())

    def _transaction(self, params: Sequence[object]) -> object:
        sent = self._sent(params)
        return None if sent is None else transaction_fields(self._chain, sent)

    def _receipt(self, params: Sequence[object]) -> object:
        sent = self._sent(params)
        return None if sent is None else receipt_fields(self._chain, sent)

    def _block_receipts(self, params: Sequence[object]) -> object:
        place = text_parameter(params, 0)
        height = self._height_of_hash(place) if _HASH.fullmatch(place) else _height(place)
        if height is None or height > HEAD:
            return None
        return [receipt_fields(self._chain, sent) for sent in self._chain.blocks.get(height, ())]

    def _call(self, params: Sequence[object]) -> object:
        fields = fields_parameter(params, 0)
        target, data = fields.get("to"), fields.get("input", fields.get("data", "0x"))
        height = _known_height(params)
        if not isinstance(target, str) or not isinstance(data, str):
            raise Refused(-32000, "the sandbox runs no code: only its contracts can be called")
        try:
            returned = contracts.call(
                self._chain, target.lower(), bytes.fromhex(data.removeprefix("0x")), height
            )
        except contracts.Reverted:
            raise Refused(3, "execution reverted") from None
        except ValueError:
            refuse_parameters("the call data is no hexadecimal text")
        return "0x" + returned.hex()

    def _logs(self, params: Sequence[object]) -> object:
        fields = fields_parameter(params, 0)
        block_hash = fields.get("blockHash")
        if isinstance(block_hash, str):
            at = self._height_of_hash(block_hash)
            if at is None:
                raise Refused(-32000, "unknown block")
            first = last = at
        else:
            first, last = _height(fields.get("fromBlock")), _height(fields.get("toBlock"))
        if first > last:
            refuse_parameters("the range ends before it begins")
        addresses = _choices(fields.get("address"))
        topics = [] if fields.get("topics") is None else fields["topics"]
        if not isinstance(topics, list):
            refuse_parameters("topics are a list")
        wanted = [_choices(topic) for topic in topics]
        return [
            log_fields(self._chain, log)
            for log in self._between(first, last, wanted)
            if (addresses is None or log.contract in addresses) and _is_wanted(log, wanted)
        ]

    def _between(self, first: int, last: int, wanted: Sequence[frozenset[str] | None]) -> Iterator[Log]:
        """Give the logs of a range: of one address where the filter names one, else all of them."""
        logs: Sequence[Log] = self._chain.logs
        for choices in wanted[1:3]:
            if choices is not None and len(choices) == 1:
                logs = self._chain.logs_naming.get(next(iter(choices)), ())
        start = bisect_left(logs, first, key=lambda log: log.block)
        end = bisect_right(logs, last, key=lambda log: log.block)
        yield from logs[start:end]


def _is_wanted(log: Log, wanted: Sequence[frozenset[str] | None]) -> bool:
    return len(wanted) <= len(log.topics) and all(
        choices is None or topic in choices for choices, topic in zip(wanted, log.topics, strict=False)
    )


def _choices(value: object) -> frozenset[str] | None:
    """Return what a filter allows at one place; None is everything."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    texts = frozenset(each.lower() for each in values if isinstance(each, str))
    if len(values) != sum(isinstance(each, str) for each in values):
        refuse_parameters("a filter holds texts")
    return texts or None


def _address(params: Sequence[object]) -> str:
    address = text_parameter(params, 0)
    if not _ADDRESS.fullmatch(address):
        refuse_parameters("no address")
    return address.lower()


def _height(place: object) -> int:
    """Return the height that a tag or a number means."""
    if place is None:
        return HEAD
    if isinstance(place, str) and place in _TAGS:
        return _TAGS[place]
    if not isinstance(place, str) or not _QUANTITY.fullmatch(place):
        refuse_parameters("no block")
    return int(place, 16)


def _known_height(params: Sequence[object]) -> int:
    """Return the height at which a state is asked for, refusing blocks that are not there yet."""
    height = _height(parameter(params, 1))
    if height > HEAD:
        raise Refused(-32000, "header not found")
    return height
