"""Blocks, transactions, receipts and logs in the form that nodes give them (Ethereum's execution-apis)."""

from kryptos.providers.sandbox.chance import digest, number
from kryptos.providers.sandbox.ethereum.chain import GWEI, Chain, Log, Sent, time_of

_NO_BLOOM = "0x" + 512 * "0"
_NO_HASH = "0x" + 64 * "0"
_NO_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
_GAS_LIMIT = 45_000_000


def block_fields(chain: Chain, height: int, *, is_full: bool) -> dict[str, object]:
    """Return a block; where nothing of the world happened it is empty, but it is there."""
    sent = chain.blocks.get(height, ())
    return {
        "number": hex(height),
        "hash": chain.block_hash(height),
        "parentHash": chain.block_hash(height - 1) if height else _NO_HASH,
        "timestamp": hex(time_of(height)),
        "miner": "0x" + digest(chain.seed, "miner", height % 97)[:20].hex(),
        "baseFeePerGas": hex(chain.base_fee(height)),
        "gasLimit": hex(_GAS_LIMIT),
        "gasUsed": hex(sum(each.gas_used for each in sent)),
        "difficulty": "0x0",
        "extraData": "0x",
        "logsBloom": _NO_BLOOM,
        "mixHash": _NO_HASH,
        "nonce": "0x0000000000000000",
        "receiptsRoot": _root(chain, "receipts", height),
        "sha3Uncles": _NO_UNCLES,
        "size": hex(600 + 180 * len(sent)),
        "stateRoot": _root(chain, "state", height),
        "transactionsRoot": _root(chain, "transactions", height),
        "withdrawalsRoot": _root(chain, "withdrawals", height),
        "uncles": [],
        "transactions": [transaction_fields(chain, each) if is_full else each.hash for each in sent],
        "withdrawals": [
            {
                "index": hex(each.index),
                "validatorIndex": hex(number(10_000, 1_000_000, "validator", each.address)),
                "address": each.address,
                "amount": hex(each.gwei),
            }
            for each in chain.payouts.get(height, ())
        ],
    }


def transaction_fields(chain: Chain, sent: Sent) -> dict[str, object]:
    """Return a transaction (EIP-1559)."""
    deed = sent.deed
    data = "0x" if not deed.selector else "0x" + deed.selector + digest(sent.hash, "input").hex()
    return {
        "hash": sent.hash,
        "type": "0x2",
        "chainId": "0x1",
        "blockNumber": hex(sent.block),
        "blockHash": chain.block_hash(sent.block),
        "transactionIndex": hex(sent.index),
        "nonce": hex(sent.nonce),
        "from": deed.sender,
        "to": deed.receiver,
        "value": hex(deed.wei),
        "input": data,
        "gas": hex(deed.gas * 6 // 5),
        "gasPrice": hex(sent.gas_price),
        "maxFeePerGas": hex(2 * sent.gas_price),
        "maxPriorityFeePerGas": hex(GWEI),
        "accessList": [],
        "yParity": "0x0",
        "v": "0x0",
        "r": "0x" + digest(sent.hash, "r").hex().lstrip("0"),
        "s": "0x" + digest(sent.hash, "s").hex().lstrip("0"),
    }


def receipt_fields(chain: Chain, sent: Sent) -> dict[str, object]:
    """Return what came of a transaction."""
    before = chain.blocks[sent.block][: sent.index + 1]
    return {
        "transactionHash": sent.hash,
        "transactionIndex": hex(sent.index),
        "blockNumber": hex(sent.block),
        "blockHash": chain.block_hash(sent.block),
        "from": sent.deed.sender,
        "to": sent.deed.receiver,
        "type": "0x2",
        "status": "0x0" if sent.deed.has_failed else "0x1",
        "gasUsed": hex(sent.gas_used),
        "cumulativeGasUsed": hex(sum(each.gas_used for each in before)),
        "effectiveGasPrice": hex(sent.gas_price),
        "contractAddress": None,
        "logs": [log_fields(chain, log) for log in sent.logs],
        "logsBloom": _NO_BLOOM,
    }


def log_fields(chain: Chain, log: Log) -> dict[str, object]:
    """Return an event."""
    return {
        "address": log.contract,
        "topics": log.topics,
        "data": log.data,
        "blockNumber": hex(log.block),
        "blockHash": chain.block_hash(log.block),
        "blockTimestamp": hex(time_of(log.block)),
        "transactionHash": log.transaction,
        "transactionIndex": hex(log.transaction_index),
        "logIndex": hex(log.index),
        "removed": False,
    }


def _root(chain: Chain, name: str, height: int) -> str:
    return "0x" + digest(chain.seed, name, height).hex()
