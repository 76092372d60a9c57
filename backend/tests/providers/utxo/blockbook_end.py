"""The model chain as Blockbook's HTTP API tells it: written from its documentation and what its answers look like.

Source of the form: trezor/blockbook, ``docs/api.md`` (API V2). As there, a page behind the last one is the last one,
``to`` keeps the mempool out, the number of pages is unknown (-1) within bounds, and a fee is never below zero.
"""

import httpx

from tests.providers.utxo.model_chain import ModelChain, ModelTransaction


def blockbook_answer(chain: ModelChain, request: httpx.Request) -> httpx.Response:
    """Answer a request as it should be."""
    match request.url.path.strip("/").split("/")[2:]:
        case []:
            state = {"coin": chain.coin, "bestHeight": len(chain.blocks) - 1, "inSync": True}
            return httpx.Response(200, json={"blockbook": state, "backend": {"blocks": 7}})
        case ["block-index", height]:
            return httpx.Response(200, json={"blockHash": _hash(chain, int(height))})
        case ["address", address]:
            return httpx.Response(200, json=_address(chain, address, request.url.params))
        case _:
            return httpx.Response(400, json={"error": "no such path"})


def _hash(chain: ModelChain, height: int) -> str:
    if height in chain.fixed_hashes:
        return chain.fixed_hashes[height]
    return chain.blocks[height].hash if height < len(chain.blocks) else ""


def _address(chain: ModelChain, address: str, params: httpx.QueryParams) -> dict[str, object]:
    mined = [
        (transaction, height)
        for height in range(len(chain.blocks) - 1, -1, -1)
        for transaction in chain.blocks[height].transactions
        if transaction.touches(address)
    ]
    waiting = [each for each in chain.waiting if each.touches(address)]
    came = sum(value for each, _ in mined for to, value in each.outputs if to == address)
    went = sum(value for each, _ in mined for of, value, _ in each.inputs if of == address)
    told: dict[str, object] = {
        "address": address,
        "balance": str(came - went),
        "totalReceived": str(came),
        "totalSent": str(went),
        "unconfirmedTxs": len(waiting),
        "txs": len(mined),
    }
    if params["details"] != "basic":
        told["unconfirmedBalance"] = str(sum(_change(each, address) for each in waiting))
    if params["details"] == "txs":
        told |= _page(chain, mined, waiting, params)
    return told


def _change(transaction: ModelTransaction, address: str) -> int:
    came = sum(value for to, value in transaction.outputs if to == address)
    return came - sum(value for of, value, _ in transaction.inputs if of == address)


def _page(
    chain: ModelChain,
    mined: list[tuple[ModelTransaction, int]],
    waiting: list[ModelTransaction],
    params: httpx.QueryParams,
) -> dict[str, object]:
    size = min(int(params["pageSize"]), chain.page_size)
    low, high = int(params.get("from", 0)), int(params.get("to", 0))
    within = [(each, at) for each, at in mined if low <= at and (high == 0 or at <= high)]
    page = min(int(params["page"]), max(1, -(-len(within) // size)))
    items = [_told(chain, each, at) for each, at in within[(page - 1) * size : page * size]]
    if high == 0 and page == 1:
        items = [*(_told(chain, each, -1) for each in waiting), *items][:size]
    head = {"page": page, "itemsOnPage": size, "totalPages": -1}
    return head | ({"transactions": items} if items else {})


def _told(chain: ModelChain, transaction: ModelTransaction, height: int) -> dict[str, object]:
    went_in = sum(value for _, value, _ in transaction.inputs)
    came_out = sum(value for _, value in transaction.outputs)
    inputs: list[dict[str, object]] = [
        {"txid": outpoint[0], "n": n, "addresses": [address], "isAddress": True, "value": str(value)}
        for n, (address, value, outpoint) in enumerate(transaction.inputs)
    ]
    if transaction.is_coinbase:
        inputs = [{"n": 0, "isAddress": False, "coinbase": "00"}]
    block: dict[str, object] = {"blockHeight": -1, "confirmations": 0, "blockTime": 1_700_000_000}
    if height >= 0:
        block = {
            "blockHash": chain.blocks[height].hash,
            "blockHeight": height,
            "confirmations": len(chain.blocks) - height,
            "blockTime": 1_231_006_505 + 600 * height,
        }
    return {
        "txid": transaction.id,
        "vin": inputs,
        "vout": [
            {
                "n": n,
                "value": str(value),
                "addresses": [address] if address else None,
                "isAddress": bool(address),
            }
            for n, (address, value) in enumerate(transaction.outputs)
        ],
        "value": str(came_out),
        "valueIn": str(went_in),
        "fees": str(max(0, went_in - came_out)),
        **block,
    }
