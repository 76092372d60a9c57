"""What the widget's list adds to the public one, and how the health of a chain is told from everybody's reading."""

import json
from typing import Any

import httpx
import pytest

from kryptos.catalog import PROVIDERS
from kryptos.domains import integrations
from kryptos.domains.clients import Mode
from kryptos.domains.integrations import Finding, Stage, StageStatus
from kryptos.entrypoints.web import ENDPOINTS
from kryptos.infra.database import Uow
from tests.support.app import App
from tests.support.connecting import TYPED, Person, arrive, make_client
from tests.support.journey import data_of

ADDED = {"symbol", "aliases", "rank", "families", "health"}
DONE = Finding(StageStatus.COMPLETED)
PARTLY = Finding(StageStatus.PARTIAL, "The oldest blocks are missing.")
AWAY = Finding(StageStatus.FAILED, "Nobody answered.", "PROVIDER_UNREACHABLE")
REFUSED = Finding(StageStatus.FAILED, "The key is wrong.", "PROVIDER_REFUSED")
OURS = Finding(StageStatus.FAILED, "We have a mistake.", "INTERNAL_ERROR")
NOT_YET = Finding(StageStatus.ONGOING)


async def offered(app: App, mode: Mode = Mode.SANDBOX) -> list[dict[str, Any]]:
    token = await app.link_token(await make_client(app, mode=mode))
    reply = await app.http.get("/link-token/providers", headers={"X-LINK-TOKEN": token})
    return list(data_of(reply)["providers"])


async def health(app: App, mode: Mode = Mode.SANDBOX) -> dict[str, str]:
    return {each["id"]: each["health"] for each in await offered(app, mode) if each["health"]}


async def note(
    app: App, wallet_id: str, finding: Finding, *, stage: Stage, chain_id: str = "ethereum"
) -> None:
    async def work(uow: Uow) -> None:
        await integrations.record_stage(
            uow, integration_id=wallet_id, chain_id=chain_id, stage=stage, finding=finding
        )

    await app.services.database.execute(work)


async def tried(app: App, *findings: tuple[Finding, Finding], mode: Mode = Mode.SANDBOX) -> list[Person]:
    """Let as many accounts have been tried, each with this finding for balances and that for transactions."""
    people = []
    for balances, transactions in findings:
        person = await arrive(app, await make_client(app, mode=mode))
        wallet_id = await person.connected(provider="ethereum", address=TYPED)
        await note(app, wallet_id, balances, stage=Stage.BALANCES)
        await note(app, wallet_id, transactions, stage=Stage.TRANSACTIONS)
        people.append(person)
    return people


@pytest.mark.parametrize(
    ("path", "vary"),
    [("/integrations/public/list", "Accept-Encoding"), ("/link-token/providers", "Accept-Encoding, Origin")],
)
async def test_both_lists_come_compressed_to_whoever_takes_them_so(app: App, path: str, vary: str) -> None:
    """On a phone a quarter of a megabyte is a second of waiting; neither holds a secret that its length could tell."""
    token = await app.link_token(await make_client(app, mode=Mode.PRODUCTION))

    async def asked(coding: str, method: str = "GET") -> httpx.Response:
        headers = {"X-LINK-TOKEN": token, "Accept-Encoding": coding}
        return await app.http.request(method, path, headers=headers)

    plain, zipped = await asked("identity"), await asked("br;q=1, gzip;q=0.5")
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.content == plain.content
    assert {each.headers["Vary"] for each in (plain, zipped)} == {vary}
    assert int(zipped.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 10
    assert "Content-Encoding" not in (await asked("gzip;q=0")).headers
    if path == "/integrations/public/list":
        head = await asked("gzip", "HEAD")
        assert (head.headers["Content-Length"], head.content) == (zipped.headers["Content-Length"], b"")


async def test_what_holds_secrets_is_never_compressed(app: App) -> None:
    """By the length of a compressed reply one could guess what is in it (BREACH)."""
    token = await app.link_token()
    headers = {"X-LINK-TOKEN": token, "Accept-Encoding": "gzip"}
    reply = await app.http.get("/link-token/session", headers=headers)
    assert (reply.status_code, reply.headers.get("Content-Encoding")) == (200, None)
    compressible = {each.path for each in ENDPOINTS if each.is_compressible}
    assert compressible == {"/integrations/public/list", "/link-token/providers"}


async def test_the_list_is_the_catalogue_in_its_order_with_what_is_searched(app: App) -> None:
    public = (await app.http.get("/integrations/public/list")).json()["data"]
    assert not ADDED & public[0].keys(), "the documented list stays as it is"
    rows = await offered(app, Mode.PRODUCTION)
    assert [each["id"] for each in rows] == [each.id for each in PROVIDERS]
    without = [{key: value for key, value in each.items() if key not in ADDED} for each in rows]
    base_url = app.services.settings.base_url
    documented = json.loads(json.dumps(public).replace(f"{base_url}/connect", "/connect"))
    assert without == documented, "but for logos, which are paths of this server here"
    by_id = {each["id"]: {key: each[key] for key in ADDED} for each in rows}
    assert by_id["bitcoin"] == {
        "symbol": "BTC", "aliases": list(PROVIDERS[0].aliases), "rank": 1, "families": ["utxo"], "health": None,
    }  # fmt: skip
    assert (by_id["metamask"]["rank"], by_id["metamask"]["symbol"]) == (4, None)
    assert "evm" in by_id["metamask"]["families"]
    ranks = [each["rank"] for each in rows if each["rank"] is not None]
    assert ranks == list(range(1, len(ranks) + 1))
    assert all(each["rank"] is None for each in rows[len(ranks) :])


async def test_the_sandbox_offers_its_chains(app: App) -> None:
    assert [each["id"] for each in await offered(app)] == ["ethereum", "solana"]


CASES: dict[str, tuple[list[tuple[Finding, Finding]], str | None]] = {
    "nothing was tried": ([], None),
    "one was read": ([(DONE, DONE)], "fine"),
    "one was read in part": ([(DONE, PARTLY)], "fine"),
    "one failed": ([(AWAY, AWAY)], None),
    "two failed": ([(AWAY, AWAY)] * 2, None),
    "three failed": ([(AWAY, AWAY), (REFUSED, REFUSED), (DONE, AWAY)], "troubled"),
    "half of four failed": ([(AWAY, AWAY)] * 2 + [(DONE, DONE)] * 2, "fine"),
    "two of three failed": ([(AWAY, AWAY)] * 2 + [(DONE, DONE)], "troubled"),
    "three failed by a mistake of ours": ([(OURS, OURS)] * 3, None),
    "three are being read": ([(NOT_YET, NOT_YET)] * 3, None),
}


@pytest.mark.parametrize(("findings", "expected"), CASES.values(), ids=list(CASES))
async def test_health(app: App, findings: list[tuple[Finding, Finding]], expected: str | None) -> None:
    await tried(app, *findings)
    assert await health(app) == ({"ethereum": expected} if expected else {})


async def test_what_was_tried_an_hour_ago_says_nothing(app: App) -> None:
    await tried(app, *[(AWAY, AWAY)] * 3)
    app.clock.advance(minutes=59)
    assert await health(app) == {"ethereum": "troubled"}
    app.clock.advance(minutes=1)
    assert await health(app) == {}


async def test_the_modes_do_not_meet(app: App) -> None:
    await tried(app, (DONE, DONE), mode=Mode.PRODUCTION)
    assert await health(app) == {}
    assert await health(app, Mode.PRODUCTION) == {"ethereum": "fine"}


async def test_each_chain_has_its_own(app: App) -> None:
    (person,) = await tried(app, (DONE, DONE), mode=Mode.PRODUCTION)
    (wallet_id,) = await person.listed()
    await note(app, wallet_id, DONE, stage=Stage.BALANCES, chain_id="base")
    await note(app, wallet_id, AWAY, stage=Stage.BALANCES, chain_id="polygon")
    assert await health(app, Mode.PRODUCTION) == {"ethereum": "fine", "base": "fine"}
