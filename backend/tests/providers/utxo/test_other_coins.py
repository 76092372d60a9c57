"""Litecoin, Dogecoin, Bitcoin Cash, Dash and Zcash: their addresses, their keys, and one story on each of them.

Keys and addresses: the account of the words "abandon … about" (BIP-39's first test vector), as bip_utils 2.12 (MIT,
ebellocchia/bip_utils) computes it; the first address of each is published by many wallets' tests. Addresses of Bitcoin
Cash: its CashAddr specification, "Examples of Address Translation"; the one that welcomes tokens: CHIP-2022-02.
"""

from dataclasses import replace

import pytest

from kryptos.catalog.chains import get_chain, list_chains
from kryptos.catalog.encodings import decode_base58check, decode_cashaddr
from kryptos.infra.http_client.upstream import Upstream
from kryptos.providers.chains.utxo import UtxoAdapter, chain_of_row
from kryptos.providers.chains.utxo.script_address import base58check, cashaddr
from kryptos.providers.chains.utxo.spelling import spelled
from kryptos.providers.chains.utxo.wallet import branches_of, normalise_address
from kryptos.providers.contracts import AddressInvalid, Direction, ProviderRefused
from tests.providers.evm.reading import client_over
from tests.providers.utxo.blockbook_end import blockbook_answer
from tests.providers.utxo.model_chain import Deed, ModelChain
from tests.providers.utxo.reading import SMALL, KeptLedger, held_units

LTC_44 = (
    "xpub6BnJJjq783EdyBeQPA9P9ao9DTS3fUqyKG5NJDcrCiwwxEkesGoHN94L"
    "ZRGE7rz1jgcvmmp8j55BNx573KFq1WBwKiemzkdfNKffKx6Mvku"
)
LTC_49 = (
    "ypub6WZ2nNciqS7sCCFCH64AswfvBu4pLXTdDQcvTkrSFyEbashNb6vEJwXT"
    "CB7axKdR4TSbNYTqnU7S6sYPs9afBYqTytiTdjzmcDVRuYcrtso"
)
LTC_84 = (
    "zpub6rPo5mF47z5coVm5rvWv7fv181awb7Vckn5Cf3xQXBVKu18kuBHDhNi1"
    "Jrb4br6vVD3ZbrnXemEsWJoR18mZwkUdzwD8TQnHDUCGxqZ6swA"
)
DOGE = "dgub8rUhDtD3YFGZTUphBfpBbzvFxSMKQXYLzg87Me2ta78r2SdVLmypBUkkxrrn9RTnchsyiJSkHZyLWxD13ibBiXtuFWktBoDaGaZjQUBLNLs"
DASH = "xpub6CYEjsU6zPM3sADS2ubu2aZeGxCm3C5KabkCpo4rkNbXGAH9M7rRUJ4E5CKiyUddmRzrSCopPzisTBrXkfCD4o577XKM9mzyZtP1Xdbizyk"
BCH = "xpub6ByHsPNSQXTWZ7PLESMY2FufyYWtLXagSUpMQq7Un96SiThZH2iJB1X7pwviH1WtKVeDP6K8d6xxFzzoaFzF3s8BKCZx8oEDdDkNnp4owAZ"
ZEC = "xpub6CLX6bXDznyoBCRaHYmzfApq4dLc34UydL1gRHQTG55pNwbKSC2GvXjTQ4VS3n6P24fRd14uKz7P92xJQ3MWdRzUxGkqiftZf3riboiJLJs"


def with_version(key: str, version: str) -> str:
    """Return the same key under another version (registered in SLIP-132)."""
    payload = decode_base58check(key)
    assert payload is not None
    return base58check(bytes.fromhex(version) + payload[4:])


LTUB, MTUB = with_version(LTC_44, "019da462"), with_version(LTC_49, "01b26ef6")

# Receive 0 and 1, change 0.
ACCOUNTS: dict[str, tuple[str, str, tuple[str, str, str]]] = {
    "litecoin, Ltub": (
        "litecoin",
        LTUB,
        (
            "LUWPbpM43E2p7ZSh8cyTBEkvpHmr3cB8Ez",
            "Ldatw8ZjgMGNUo5HMN6RgCrjmh7q494Si3",
            "LPCewns5E4BFTQ8NirD7sJZYFguXEJTxbL",
        ),
    ),
    "litecoin, xpub": (
        "litecoin",
        LTC_44,
        (
            "LUWPbpM43E2p7ZSh8cyTBEkvpHmr3cB8Ez",
            "Ldatw8ZjgMGNUo5HMN6RgCrjmh7q494Si3",
            "LPCewns5E4BFTQ8NirD7sJZYFguXEJTxbL",
        ),
    ),
    "litecoin, Mtub": (
        "litecoin",
        MTUB,
        (
            "M7wtsL7wSHDBJVMWWhtQfTMSYYkyooAAXM",
            "M92zAbFXY2J7NJXdFpJTe3a5PrsyZQhKZK",
            "MKM96scwusdaN84dfbQrFDxocYFnoBuc4Z",
        ),
    ),
    "litecoin, zpub": (
        "litecoin",
        LTC_84,
        (
            "ltc1qjmxnz78nmc8nq77wuxh25n2es7rzm5c2rkk4wh",
            "ltc1qwlezpr3890hcp6vva9twqh27mr6edadreqvhnn",
            "ltc1qyeljcy9v88jg8sqvnqh0m5q390xruc5r98q9yy",
        ),
    ),
    "dogecoin": (
        "dogecoin",
        DOGE,
        (
            "DBus3bamQjgJULBJtYXpEzDWQRwF5iwxgC",
            "DAcDAtJRztxBHyA6D6h8du1HguyTR43Mas",
            "D7ReBLrRv12mi9pYh5HtfFLTt1PSoeAa7e",
        ),
    ),
    "dash": (
        "dash",
        DASH,
        (
            "XoJA8qE3N2Y3jMLEtZ3vcN42qseZ8LvFf5",
            "XbctnEsgWTn5j1co3emZynemxSFPqkLRKZ",
            "XeBdurzVrhrFtgqf9SxzQqvhHodb53njW4",
        ),
    ),
    "bitcoin-cash": (
        "bitcoin-cash",
        BCH,
        (
            "bitcoincash:qqyx49mu0kkn9ftfj6hje6g2wfer34yfnq5tahq3q6",
            "bitcoincash:qp8sfdhgjlq68hlzka9lcsxtcnvuvnd0xqxugfzzc5",
            "bitcoincash:qr8aeharupyrmhfu0d4tdmsnc5y8cfk47y6qrsjsrx",
        ),
    ),
    "zcash": (
        "zcash",
        ZEC,
        (
            "t1XVXWCvpMgBvUaed4XDqWtgQgJSu1Ghz7F",
            "t1aQ2b1XszNVo15BguYLbQGqETBL9QZA8Jq",
            "t1YF8h4qviS77p36wWdUfe8faw4DXduYZnm",
        ),
    ),
}


def test_every_row_of_the_family_is_read() -> None:
    rows = [row for row in list_chains() if row.family == "utxo"]
    assert {row.id for row in rows} == {
        "bitcoin",
        "bitcoin-cash",
        "dash",
        "dogecoin",
        "litecoin",
        "zcash",
    }
    for row in rows:
        chain = chain_of_row(row)
        assert len(chain.first_hash) == 32
        assert row.esplora_urls or row.blockbook_urls


@pytest.mark.parametrize("name", ACCOUNTS)
def test_addresses_of_accounts(name: str) -> None:
    chain_id, key, (first, second, change) = ACCOUNTS[name]
    chain = chain_of_row(get_chain(chain_id))
    receive, internal = branches_of(normalise_address(key, chain), chain)
    assert (receive.address(0), receive.address(1), internal.address(0)) == (first, second, change)
    for address in (first, second, change):
        assert normalise_address(address, chain) == spelled(address, chain) == address


@pytest.mark.parametrize("version", ["049d7cb2", "043587cf"])
def test_key_under_a_version_that_the_chain_does_not_know_is_refused(version: str) -> None:
    """Litecoin has Mtub for what Bitcoin calls ypub; tpub is of test networks."""
    with pytest.raises(AddressInvalid):
        normalise_address(with_version(LTC_49, version), chain_of_row(get_chain("litecoin")))


# ---------------------------------------------------------------- more than one way to write the same

CASHADDR = {
    "1BpEi6DfDAUFd7GtittLSdBeYJvcoaVggu": "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a",
    "1KXrWXciRDZUpQwQmuM1DbwsKDLYAYsVLR": "bitcoincash:qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy",
    "16w1D5WRVKJuZUsSRzdLp9w3YGcgoxDXb": "bitcoincash:qqq3728yw0y47sqn6l2na30mcw6zm78dzqre909m2r",
    "3CWFddi6m4ndiGyKqzYvsFYagqDLPVMTzC": "bitcoincash:ppm2qsznhks23z7629mms6s4cwef74vcwvn0h829pq",
    "3LDsS579y7sruadqu11beEJoTjdFiFCdX4": "bitcoincash:pr95sy3j9xwd2ap32xkykttr4cvcu7as4yc93ky28e",
    "31nwvkZwyPdgzjBJZXfDmSWsC4ZLKpYyUw": "bitcoincash:pqq3728yw0y47sqn6l2na30mcw6zm78dzq5ucqzc37",
}


@pytest.mark.parametrize("legacy", CASHADDR)
def test_bitcoin_cash_is_kept_as_cashaddr(legacy: str) -> None:
    chain = chain_of_row(get_chain("bitcoin-cash"))
    address = CASHADDR[legacy]
    bare = address.removeprefix("bitcoincash:")
    for text in (legacy, address, bare, address.upper(), bare.upper(), f" {legacy} "):
        assert normalise_address(text, chain) == address


def test_address_that_welcomes_tokens_is_the_same_address() -> None:
    chain = chain_of_row(get_chain("bitcoin-cash"))
    plain = "bitcoincash:qr6m7j9njldwwzlg9v7v53unlr4jkmx6eylep8ekg2"
    with_tokens = "bitcoincash:zr6m7j9njldwwzlg9v7v53unlr4jkmx6eycnjehshe"
    assert normalise_address(with_tokens, chain) == normalise_address(plain, chain) == plain


@pytest.mark.parametrize("size", [20, 24, 28, 32, 40, 48, 56, 64])
def test_cashaddr_reads_back(size: int) -> None:
    digest = bytes(range(size))
    assert decode_cashaddr(cashaddr("bitcoincash", 1, digest), "bitcoincash") == (1, digest)


def test_litecoin_scripts_are_kept_with_their_own_version() -> None:
    chain = chain_of_row(get_chain("litecoin"))
    own = "M7wtsL7wSHDBJVMWWhtQfTMSYYkyooAAXM"
    payload = decode_base58check(own)
    assert payload is not None
    former = base58check(b"\x05" + payload[1:])
    assert former.startswith("3")
    assert normalise_address(former, chain) == normalise_address(own, chain) == own


@pytest.mark.parametrize(
    ("chain_id", "text"),
    [
        ("zcash", "t3dKojUU2EMjs28nHV84TvkVEUDu1M1FaEx"),  # an address of a script hash
        ("dogecoin", "A5ozMKvBJhMi5sMgwzbfVLs1WZ1t4c7JKB"),  # an address of a script hash
        ("dash", "7gnwGHt17heGpG9Crfeh4KGpYNFugPhJdh"),  # dashpay/sentinel, tests of proposals
    ],
)
def test_scripts_have_addresses_too(chain_id: str, text: str) -> None:
    assert normalise_address(text, chain_of_row(get_chain(chain_id))) == text


@pytest.mark.parametrize("chain_id", ["litecoin", "dogecoin", "dash", "zcash"])
@pytest.mark.parametrize(
    "text",
    [
        "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA",
        "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu",
        "bitcoincash:qqyx49mu0kkn9ftfj6hje6g2wfer34yfnq5tahq3q6",
        "t1XVXWCvpMgBvUaed4XDqWtgQgJSu1Ghz7G",
    ],
)
def test_addresses_of_other_chains_are_refused(chain_id: str, text: str) -> None:
    with pytest.raises(AddressInvalid):
        normalise_address(text, chain_of_row(get_chain(chain_id)))


# ---------------------------------------------------------------- a story on each

COINS = {
    "litecoin": "Litecoin",
    "dogecoin": "Dogecoin",
    "dash": "Dash",
    "bitcoin-cash": "Bcash",
}
"""As trezor/blockbook's own configurations name them; Zcash has a file of its own."""


def story_of(name: str) -> tuple[ModelChain, UtxoAdapter, str, list[str]]:
    """Return a model of a chain, an adapter over it, the account's key and its first receiving addresses."""
    chain_id, key, _ = ACCOUNTS[name]
    chain = chain_of_row(get_chain(chain_id))
    branches = branches_of(normalise_address(key, chain), chain)
    own = [[branch.address(index) or "" for index in range(8)] for branch in branches]
    model = ModelChain(
        own=frozenset(own[0] + own[1]),
        genesis=chain.first_hash.ljust(64, "0"),
        page_size=3,
        blockbook=blockbook_answer,
        coin=COINS[chain_id],
        fixed_hashes={chain.first_height: chain.first_hash.ljust(64, "0")},
    )
    upstream = Upstream(name="Model", base_url="http://127.0.0.1:1", requests_per_window=10_000)
    adapter = UtxoAdapter(chain, http=client_over(model.transport()), blockbooks=[upstream], limits=SMALL)
    model.mine(Deed("receive", own[0][0], 10_000))
    model.mine(Deed("pay", own[1][0], 303))
    model.mine(*[Deed("receive", own[0][1], 50 + number) for number in range(7)])
    return model, adapter, key, own[0]


@pytest.mark.parametrize("name", [name for name in ACCOUNTS if name != "zcash"])
async def test_story_adds_up(name: str) -> None:
    model, adapter, key, receive = story_of(name)
    kept = await KeptLedger().sync(adapter, key)
    movements = [
        (each.direction, int(each.quantity.decimal.scaleb(8)))
        for transaction in kept.transactions.values()
        for each in transaction.movements
    ]
    assert movements[:3] == [
        (Direction.INCOMING, 10_000),
        (Direction.OUTGOING, 303),
        (Direction.FEE, 3),
    ]
    assert len(movements) == 10
    assert kept.units() == await held_units(adapter, key) == model.held(set(model.own))
    assert await adapter.has_activity(key)
    assert await adapter.has_activity(receive[1])
    assert (await adapter.balances(receive[1], known_contracts=["0x"])).items[0].asset.symbol == get_chain(
        ACCOUNTS[name][0]
    ).native.symbol
    model.drop(1)
    model.mine(Deed("receive", receive[2], 1), salt=1)
    model.mine(salt=1)
    await kept.sync(adapter, key)
    assert kept.transactions == (await KeptLedger().sync(adapter, key)).transactions
    assert kept.units() == model.held(set(model.own))


@pytest.mark.parametrize("chain_id", COINS)
async def test_no_chain_takes_the_server_of_another(chain_id: str) -> None:
    name = next(name for name, account in ACCOUNTS.items() if account[0] == chain_id)
    model, _, key, _ = story_of(name)
    upstream = Upstream(name="Model", base_url="http://127.0.0.1:1", requests_per_window=10_000)
    for other, coin in COINS.items():
        served = replace(model, coin=coin, blocks=[])
        http = client_over(served.transport())
        adapter = UtxoAdapter(chain_of_row(get_chain(chain_id)), http=http, blockbooks=[upstream])
        if other == chain_id:
            await adapter.has_activity(key)
            continue
        with pytest.raises(ProviderRefused, match="does not serve"):
            await adapter.has_activity(key)


async def test_forks_of_bitcoin_cash_are_told_apart_by_their_first_own_block() -> None:
    model, adapter, key, _ = story_of("bitcoin-cash")
    model.fixed_hashes[478_559] = "ab" * 32
    with pytest.raises(ProviderRefused, match="does not serve Bitcoin Cash"):
        await adapter.has_activity(key)
