"""The audit log: every action leaves a record, the chain shows any change, and nothing secret stands in it."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kryptos.domains import audit, clients, identity
from kryptos.domains.audit import ActorKind, ChainReport
from kryptos.domains.audit._tables import audit_records
from kryptos.domains.clients import Mode
from kryptos.infra.database import Uow
from tests.support.app import OPERATOR, App
from tests.support.journey import add_workspace, connect_by_mail, data_of, remove_member, rows, sign_in

ADA = "ada@example.com"


async def run(app: App, use_case: Any, **arguments: Any) -> Any:
    return await app.services.database.execute(partial(use_case, **arguments))


async def actions(app: App) -> set[str]:
    return {row["action"] for row in await rows(app, "SELECT DISTINCT action FROM audit_records")}


async def everything_happens(app: App) -> dict[str, Any]:
    """Do everything that the log knows, and return what the mail journey gave."""
    await app.access()
    access = await connect_by_mail(app, ADA)
    user_id = access["user_id"]
    team = await add_workspace(app, user_id)
    await remove_member(app, user_id, team.id)
    refused = await app.link_token()
    await sign_in(app, refused, ADA)
    await app.widget(refused, "consent", {"approved": False})
    rotated = data_of(await app.post("/token/rotate", {"access_token": access["access_token"]}))
    await app.post("/token/revoke", {"grant_id": rotated["grant_id"]})
    await run(app, clients.rotate_secret, client_id=app.client_id)
    await run(app, clients.update_client, client_id=app.client_id, name="Renamed")
    await run(app, clients.set_mode, client_id=app.client_id, mode=Mode.PRODUCTION)
    for use_case in (clients.suspend_client, clients.resume_client):
        await run(app, use_case, client_id=app.client_id)
    await run(app, identity.invite, email="new@example.com")
    for change in (identity.suspend_user, identity.resume_user):
        await run(app, change, user_id=user_id)
    return access


async def test_each_action_leaves_a_record(app: App) -> None:
    await everything_happens(app)
    assert await actions(app) == {
        "client.created",
        "client.updated",
        "client.mode_set",
        "client.suspended",
        "client.resumed",
        "client.secret_rotated",
        "workspace.created",
        "workspace.member_set",
        "workspace.member_removed",
        "guest.created",
        "user.signed_in",
        "user.invited",
        "user.suspended",
        "user.resumed",
        "link_token.created",
        "consent.given",
        "consent.refused",
        "grant.activated",
        "grant.revoked",
        "access_token.rotated",
    }


async def test_a_record_says_who_did_what_on_what_for_whom_and_in_which_request(app: App) -> None:
    access = await connect_by_mail(app, ADA)
    app.clock.advance(seconds=1)
    reply = await app.post("/token/revoke", {"grant_id": access["grant_id"]})
    (record,) = await rows(app, "SELECT * FROM audit_records WHERE action = 'grant.revoked'")
    assert record["at"] == app.clock.now()
    assert (record["actor_kind"], record["actor_id"]) == (ActorKind.CLIENT.value, app.client_id)
    assert (record["subject"], record["chain"]) == (access["grant_id"], access["workspace_id"])
    assert (record["client_id"], record["user_id"]) == (app.client_id, access["user_id"])
    assert (record["request_id"], record["outcome"]) == (reply.headers["X-Request-Id"], "success")


async def test_what_fails_leaves_no_record(app: App) -> None:
    before = await rows(app, "SELECT id FROM audit_records ORDER BY id")
    await app.post("/link-token", {"scopes": "nonsense"})
    await app.post("/token/revoke", {"grant_id": "cgrant_x"})
    assert await rows(app, "SELECT id FROM audit_records ORDER BY id") == before


async def test_revoking_twice_leaves_one_record(app: App) -> None:
    access = await app.access()
    for _ in range(2):
        await app.post("/token/revoke", {"grant_id": access["grant_id"]})
    found = await rows(app, "SELECT 1 FROM audit_records WHERE action = 'grant.revoked'")
    assert len(found) == 1


async def sealed(app: App) -> list[ChainReport]:
    while await app.services.database.execute(audit.seal):
        pass
    reports = await app.services.database.execute(audit.verify)
    return list(reports)


async def test_a_sealed_log_verifies_chain_by_chain(app: App) -> None:
    await everything_happens(app)
    reports = await sealed(app)
    assert {report.broken_at for report in reports} == {None}
    chains = {row["chain"] for row in await rows(app, "SELECT DISTINCT chain FROM audit_records")}
    assert {report.chain for report in reports} == chains
    assert "installation" in chains
    total = await rows(app, "SELECT count(*) AS n FROM audit_records")
    assert sum(report.sealed for report in reports) == total[0]["n"]
    again = await app.services.database.execute(audit.seal)
    assert again == 0


TAMPERED: dict[str, str] = {
    "at": "at + interval '1 microsecond'",
    "actor_kind": "'operator'",
    "actor_id": "'client_other'",
    "action": "'grant.denied'",
    "subject": "'cgrant_other'",
    "outcome": "'failure'",
    "client_id": "NULL",
    "user_id": "'user_other'",
    "request_id": "NULL",
    "details": """'{"scopes": []}'""",
    "personal": r"'\x00'",
    "hash": r"'\x00'",
    "sequence": "sequence + 1000",
    "chain": "'installation'",
    "id": "'aud_0'",
}


def test_every_column_is_tampered_with() -> None:
    assert set(TAMPERED) == {column.name for column in audit_records.columns}


@pytest.mark.parametrize("column", list(TAMPERED))
async def test_a_change_of_any_column_is_found(app: App, column: str) -> None:
    """Of a record in the middle of its chain; what is cut off at the end no chain can show."""
    access = await connect_by_mail(app, ADA)
    data_of(await app.post("/token/rotate", {"access_token": access["access_token"]}))
    await sealed(app)
    await rows(
        app,
        f"UPDATE audit_records SET {column} = {TAMPERED[column]} WHERE action = 'grant.activated'",
    )
    reports = await app.services.database.execute(audit.verify)
    assert any(report.broken_at for report in reports)


async def test_a_record_that_is_taken_out_or_put_in_is_found(app: App) -> None:
    await connect_by_mail(app, ADA)
    await sealed(app)
    await rows(app, "DELETE FROM audit_records WHERE action = 'consent.given'")
    reports = await app.services.database.execute(audit.verify)
    assert any(report.broken_at for report in reports)


async def test_sealers_at_once_seal_each_record_once(app: App) -> None:
    async def act(uow: Uow, number: int) -> None:
        await audit.record(uow, action=f"act.{number}", actor=OPERATOR, workspace_id=f"ws_{number % 3}")

    async def act_and_seal(number: int) -> None:
        await app.services.database.execute(partial(act, number=number))
        await app.services.database.execute(audit.seal)

    await asyncio.gather(*[act_and_seal(number) for number in range(40)])
    assert {report.broken_at for report in await sealed(app)} == {None}
    twice = "SELECT chain, sequence FROM audit_records GROUP BY 1, 2 HAVING count(*) > 1"
    assert not await rows(app, twice)


async def test_a_late_record_with_an_early_id_is_sealed_behind_the_others(app: App) -> None:
    """A slow transaction commits after later ones were sealed."""

    async def act(uow: Uow) -> None:
        await audit.record(uow, action="act", actor=OPERATOR)

    await app.services.database.execute(act)
    await sealed(app)
    app.clock._now -= timedelta(hours=1)
    await app.services.database.execute(act)
    assert {report.broken_at for report in await sealed(app)} == {None}


async def test_personal_fields_can_be_read_with_the_persons_key_and_never_after_it_is_destroyed(
    app: App,
) -> None:
    access = await connect_by_mail(app, ADA)
    user_id = access["user_id"]
    personal = "SELECT id, personal FROM audit_records WHERE user_id = $1 AND personal IS NOT NULL"
    kept = await rows(app, personal, user_id)
    assert kept
    (key,) = await rows(app, "SELECT key FROM audit_keys WHERE user_id = $1", user_id)
    for record in kept:
        nonce, secret = record["personal"][:12], record["personal"][12:]
        plain = AESGCM(key["key"]).decrypt(nonce, secret, record["id"].encode())
        assert plain == b'{"address":"127.0.0.1"}'
        with pytest.raises(InvalidTag):
            AESGCM(key["key"]).decrypt(nonce, secret, b"aud_other")
    await sealed(app)
    await run(app, audit.destroy_personal_key, user_id=user_id)
    assert not await rows(app, "SELECT 1 FROM audit_keys WHERE user_id = $1", user_id)
    assert {report.broken_at for report in await sealed(app)} == {None}
    await connect_by_mail(app, ADA)
    (renewed,) = await rows(app, "SELECT key FROM audit_keys WHERE user_id = $1", user_id)
    with pytest.raises(InvalidTag):
        AESGCM(renewed["key"]).decrypt(
            kept[0]["personal"][:12], kept[0]["personal"][12:], kept[0]["id"].encode()
        )


async def test_no_address_token_or_mail_stands_in_the_log(app: App) -> None:
    access = await everything_happens(app)

    async def text_of(uow: Uow) -> str:
        found = await uow.all(sa.text("SELECT r::text AS row FROM audit_records r"))
        return "\n".join(row.row for row in found)

    text = await app.services.database.execute(text_of)
    for secret in (ADA, "127.0.0.1", access["access_token"], app.client_secret, "new@example.com"):
        assert secret not in text
    for prefix in ("link_ ", "cat_", "public_", "secret_A"):
        assert prefix not in text


async def test_the_use_cases_of_the_operator_are_told_as_the_operators(app: App) -> None:
    await run(app, clients.suspend_client, client_id=app.client_id)
    (record,) = await rows(app, "SELECT actor_kind FROM audit_records WHERE action = 'client.suspended'")
    assert record["actor_kind"] == "operator"
