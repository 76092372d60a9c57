"""The Solana node of the sandbox: each JSON-RPC method as a look-up in the cluster."""

import base64
from collections.abc import Iterable, Mapping, Sequence

from kryptos.providers.sandbox.json_rpc import (
    Method,
    Refused,
    fields_parameter,
    parameter,
    refuse_parameters,
    text_parameter,
)
from kryptos.providers.sandbox.solana.assets import BY_MINT, program_of
from kryptos.providers.sandbox.solana.cluster import HEAD_SLOT, Cluster, Sent, time_of
from kryptos.providers.sandbox.solana.keys import STAKE_PROGRAM, key_bytes
from kryptos.providers.sandbox.solana.wire import (
    account_fields,
    signature_fields,
    stake_bytes,
    token_account_fields,
    token_amount,
    transaction_fields,
)

_GENESIS = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"
"""The hash of mainnet's genesis: the adapters believe no other cluster."""
_MOST_SIGNATURES = 1_000
_MOST_ACCOUNTS = 100
_KEY_BYTES = 32
_SLOTS_PER_EPOCH = 432_000


class SolanaNode:
    """Answers for mainnet, whose genesis hash it has."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.methods: Mapping[str, Method] = {
            "getGenesisHash": lambda _: _GENESIS,
            "getHealth": lambda _: "ok",
            "getVersion": lambda _: {"solana-core": "3.0.0", "feature-set": 0},
            "getSlot": lambda _: HEAD_SLOT,
            "getBlockHeight": lambda _: HEAD_SLOT,
            "getFirstAvailableBlock": lambda _: 0,
            "minimumLedgerSlot": lambda _: 0,
            "getEpochInfo": lambda _: _epoch(),
            "getBlockTime": self._block_time,
            "getBalance": lambda params: _now(self._cluster.lamports_of(_key(params))),
            "getAccountInfo": lambda params: _now(
                account_fields(self._cluster, _key(params), _encoding(params))
            ),
            "getMultipleAccounts": self._accounts,
            "getTokenAccountsByOwner": self._token_accounts,
            "getTokenAccountBalance": self._token_balance,
            "getProgramAccounts": self._program_accounts,
            "getSignaturesForAddress": self._signatures,
            "getTransaction": self._transaction,
        }

    def is_out_of_order(self, request: bytes) -> bool:  # noqa: ARG002  # no persona of this end is broken
        """Say no: this node always answers."""
        return False

    def _block_time(self, params: Sequence[object]) -> object:
        slot = parameter(params, 0)
        if not isinstance(slot, int) or not 0 <= slot <= HEAD_SLOT:
            raise Refused(-32004, "Block not available for slot")
        return time_of(slot)

    def _accounts(self, params: Sequence[object]) -> object:
        keys = parameter(params, 0)
        if not isinstance(keys, list) or len(keys) > _MOST_ACCOUNTS:
            refuse_parameters(f"up to {_MOST_ACCOUNTS} accounts are expected")
        encoding = _encoding(params)
        return _now([account_fields(self._cluster, _checked_key(key), encoding) for key in keys])

    def _token_accounts(self, params: Sequence[object]) -> object:
        owner, wanted = _key(params), fields_parameter(params, 1)
        if not {"mint", "programId"} & wanted.keys():
            refuse_parameters("a mint or a program is expected")
        if fields_parameter(params, 2).get("encoding") != "jsonParsed":
            refuse_parameters("the sandbox tells token accounts as jsonParsed alone")
        return _now(
            [
                {"pubkey": each.address, "account": token_account_fields(self._cluster, each)}
                for each in self._cluster.open_tokens_of(owner)
                if wanted.get("mint", each.mint) == each.mint
                and wanted.get("programId", program_of(each.mint)) == program_of(each.mint)
            ]
        )

    def _token_balance(self, params: Sequence[object]) -> object:
        account = self._cluster.token_accounts.get(_key(params))
        if account is None or account not in self._cluster.open_tokens_of(account.owner):
            raise Refused(-32602, "Invalid param: could not find account")
        return _now(token_amount(account.units, BY_MINT[account.mint].decimals))

    def _program_accounts(self, params: Sequence[object]) -> object:
        program, config = _key(params), fields_parameter(params, 1)
        if program != STAKE_PROGRAM:
            raise Refused(-32010, f"{program} excluded from account secondary indexes")
        found = [
            {
                "pubkey": address,
                "account": account_fields(
                    self._cluster, address, config.get("encoding"), config.get("dataSlice")
                ),
            }
            for address in self._matching_stakes(config)
        ]
        return _now(found) if config.get("withContext") is True else found

    def _matching_stakes(self, config: Mapping[str, object]) -> Iterable[str]:
        filters = [] if config.get("filters") is None else config["filters"]
        if not isinstance(filters, list):
            refuse_parameters("filters are a list")
        for address, account in self._cluster.stakes.items():
            lamports = self._cluster.lamports[address]
            if lamports and all(_fits(stake_bytes(account.owner, lamports), each) for each in filters):
                yield address

    def _signatures(self, params: Sequence[object]) -> object:
        account, config = _key(params), fields_parameter(params, 1)
        limit = config.get("limit", _MOST_SIGNATURES)
        if not isinstance(limit, int) or not 1 <= limit <= _MOST_SIGNATURES:
            refuse_parameters(f"limit is from 1 to {_MOST_SIGNATURES}")
        sent = self._cluster.naming.get(account, [])
        end = len(sent) if config.get("before") is None else self._place(sent, config["before"])
        begin = 0 if config.get("until") is None else self._place(sent, config["until"]) + 1
        return [signature_fields(each) for each in reversed(sent[max(begin, end - limit) : end])]

    def _place(self, sent: Sequence[Sent], signature: object) -> int:
        """Return where a transaction stands among those of an account, or before which it would."""
        mark = self._cluster.sent.get(signature) if isinstance(signature, str) else None
        if mark is None:
            refuse_parameters("no such transaction")
        for index in range(len(sent) - 1, -1, -1):
            if sent[index] is mark:
                return index
            if sent[index].slot < mark.slot:
                return index + 1
        return 0

    def _transaction(self, params: Sequence[object]) -> object:
        sent = self._cluster.sent.get(text_parameter(params, 0))
        if _encoding(params) != "jsonParsed":
            refuse_parameters("the sandbox tells transactions as jsonParsed alone")
        return None if sent is None else transaction_fields(sent)


def _now(value: object) -> dict[str, object]:
    return {"context": {"apiVersion": "3.0.0", "slot": HEAD_SLOT}, "value": value}


def _epoch() -> dict[str, object]:
    epoch, index = divmod(HEAD_SLOT, _SLOTS_PER_EPOCH)
    return {
        "absoluteSlot": HEAD_SLOT,
        "blockHeight": HEAD_SLOT,
        "epoch": epoch,
        "slotIndex": index,
        "slotsInEpoch": _SLOTS_PER_EPOCH,
    }


def _key(params: Sequence[object]) -> str:
    return _checked_key(parameter(params, 0))


def _checked_key(value: object) -> str:
    try:
        is_key = isinstance(value, str) and len(key_bytes(value)) == _KEY_BYTES
    except ValueError:
        is_key = False
    if not isinstance(value, str) or not is_key:
        refuse_parameters("no public key")
    return value


def _encoding(params: Sequence[object]) -> object:
    """Return the encoding that is asked for, given in an object or, as of old, by itself."""
    config = parameter(params, 1)
    return config.get("encoding") if isinstance(config, dict) else config


def _fits(raw: bytes, condition: object) -> bool:
    """Say whether an account's data fits a filter: its size, or bytes at a place."""
    if not isinstance(condition, dict):
        refuse_parameters("a filter is an object")
    if "dataSize" in condition:
        return bool(condition["dataSize"] == len(raw))
    compared = condition.get("memcmp")
    if not isinstance(compared, dict):
        refuse_parameters("a filter is dataSize or memcmp")
    offset, text = compared.get("offset"), compared.get("bytes")
    if not isinstance(offset, int) or not isinstance(text, str):
        refuse_parameters("memcmp takes an offset and bytes")
    try:
        wanted = base64.b64decode(text) if compared.get("encoding") == "base64" else key_bytes(text)
    except ValueError:
        refuse_parameters("the bytes cannot be read")
    return raw[offset : offset + len(wanted)] == wanted
