"""Signing in: mailed codes and their limits, who may become a user, addresses in one form, guests."""

import pytest

from kryptos.domains import identity
from kryptos.domains.identity.policy import normalise_email, supported_language
from kryptos.infra.database import Uow
from kryptos.kernel.errors import InvalidInput
from tests.support.app import App, running_app
from tests.support.journey import data_of, issued_code, refusal, rows, sign_in, start_code, try_code

ADA = "ada@example.com"
WRONG = (400, "CODE_INVALID")


async def new_code(app: App, token: str, email: str = ADA) -> str:
    app.clock.advance(milliseconds=1)
    assert (await start_code(app, token, email)).status_code == 200
    code = await issued_code(app, email)
    assert code is not None
    return code


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_new_person_gets_a_workspace_of_their_own(app: App) -> None:
    token = await app.link_token()
    data = data_of(await try_code(app, token, ADA, await new_code(app, token)))
    assert (data["is_anonymous"], data["email"]) == (False, ADA)
    assert data["workspace"]["role"] == "owner"
    assert data["workspaces"] == [data["workspace"]]


async def test_a_known_person_is_the_same_person_in_the_next_session(app: App) -> None:
    first = await sign_in(app, await app.link_token(), ADA)
    second = await sign_in(app, await app.link_token(), ADA)
    assert (first["user_id"], first["workspaces"]) == (second["user_id"], second["workspaces"])


async def test_three_codes_are_sent_in_a_quarter_of_an_hour_and_no_more(app: App) -> None:
    """Over all sessions and clients together, for it is the person's mailbox that is protected."""
    created = await app.create_client("Other")
    theirs = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    tokens = [await app.link_token(), await app.link_token(theirs), await app.link_token()]
    for token in tokens:
        assert (await start_code(app, token, ADA)).status_code == 200
        app.clock.advance(minutes=1)
    refused = await start_code(app, tokens[0], f" {ADA.upper()} ")
    assert refusal(refused) == (429, "RATE_LIMIT_EXCEEDED")
    assert int(refused.headers["Retry-After"]) == refused.json()["retry_after"] == 12 * 60 + 1
    assert (await start_code(app, tokens[0], "eve@example.com")).status_code == 200
    app.clock.advance(minutes=12, microseconds=-1)
    assert (await start_code(app, tokens[2], ADA)).status_code == 429
    app.clock.advance(microseconds=1)
    assert (await start_code(app, tokens[2], ADA)).status_code == 200


async def test_five_tries_are_counted_and_the_sixth_fails_with_the_right_code_too(app: App) -> None:
    token = await app.link_token()
    code = await new_code(app, token)
    for _ in range(5):
        assert refusal(await try_code(app, token, ADA, other(code))) == WRONG
    assert refusal(await try_code(app, token, ADA, code)) == WRONG
    assert await rows(app, "SELECT count(*) AS n FROM users") == [{"n": 0}]


async def test_the_fifth_try_may_still_be_the_right_one(app: App) -> None:
    token = await app.link_token()
    code = await new_code(app, token)
    for _ in range(4):
        assert refusal(await try_code(app, token, ADA, other(code))) == WRONG
    assert (await try_code(app, token, ADA, code)).status_code == 200


async def test_a_code_lives_ten_minutes(app: App) -> None:
    one, two = await app.link_token(), await app.link_token()
    code = await new_code(app, one)
    app.clock.advance(minutes=10, microseconds=-1)
    assert (await try_code(app, one, ADA, code)).status_code == 200
    code = await new_code(app, two)
    app.clock.advance(minutes=10)
    assert refusal(await try_code(app, two, ADA, code)) == WRONG


async def test_a_code_works_once(app: App) -> None:
    token = await app.link_token()
    code = await new_code(app, token)
    assert (await try_code(app, token, ADA, code)).status_code == 200
    assert refusal(await try_code(app, token, ADA, code)) == WRONG


async def test_only_the_newest_code_of_a_session_counts(app: App) -> None:
    token = await app.link_token()
    old = await new_code(app, token)
    new = await new_code(app, token)
    if old != new:
        assert refusal(await try_code(app, token, ADA, old)) == WRONG
    assert (await try_code(app, token, ADA, new)).status_code == 200


async def test_a_code_of_another_session_or_address_is_refused(app: App) -> None:
    """Whoever lures somebody into reading a code aloud has it for the wrong session."""
    one, two = await app.link_token(), await app.link_token()
    code = await new_code(app, one)
    assert refusal(await try_code(app, two, ADA, code)) == WRONG
    assert refusal(await try_code(app, one, "eve@example.com", code)) == WRONG
    assert (await try_code(app, one, ADA, code)).status_code == 200


@pytest.mark.parametrize("code", ["", "1", "1234567", "abcdef", "١٢٣٤٥٦", "12 34 56", "-12345", "9" * 10_000])
async def test_what_is_no_code_is_a_wrong_code(app: App, code: str) -> None:
    token = await app.link_token()
    await new_code(app, token)
    assert refusal(await try_code(app, token, ADA, code)) == WRONG


async def test_a_code_may_be_pasted_with_spaces_around_it(app: App) -> None:
    token = await app.link_token()
    assert (await try_code(app, token, ADA, f" {await new_code(app, token)}\n")).status_code == 200


async def test_trying_a_code_that_was_never_sent_says_no_more_than_a_wrong_one(app: App) -> None:
    token = await app.link_token()
    never = await try_code(app, token, ADA, "123456")
    await new_code(app, token)
    wrong = await try_code(app, token, ADA, "x")
    assert never.json()["error"] == wrong.json()["error"]
    assert refusal(never) == refusal(wrong) == WRONG


@pytest.mark.parametrize("signup", ["open", "invite", "closed"])
async def test_the_answer_is_the_same_whether_an_address_is_known(database_url: str, signup: str) -> None:
    async with running_app(database_url, signup="open") as app:
        await sign_in(app, await app.link_token(), ADA)
    async with running_app(database_url, signup=signup) as app:
        token = await app.link_token()
        app.clock.advance(hours=1)
        token = await app.link_token()
        replies = [await start_code(app, token, email) for email in (ADA, "unknown@example.com")]
        assert {(reply.status_code, reply.content) for reply in replies} == {(200, replies[0].content)}
        assert refusal(await try_code(app, token, "unknown@example.com", "000000x")) == WRONG


async def test_with_sign_up_by_invitation_only_the_invited_become_users(database_url: str) -> None:
    async with running_app(database_url, signup="invite") as app:

        async def invite(uow: Uow) -> None:
            await identity.invite(uow, email=" ADA@Example.com ")

        await app.services.database.execute(invite)
        token = await app.link_token()
        await start_code(app, token, "eve@example.com")
        assert await issued_code(app, "eve@example.com") is None
        assert refusal(await app.widget(token, "auth/anonymous")) == (403, "SIGNUP_CLOSED")
        assert (await sign_in(app, token, ADA))["email"] == ADA


async def test_with_sign_up_closed_those_who_are_known_still_sign_in(database_url: str) -> None:
    async with running_app(database_url) as app:
        known = await sign_in(app, await app.link_token(), ADA)
    async with running_app(database_url, signup="closed") as app:
        app.clock.advance(hours=1)
        token = await app.link_token()
        session = data_of(await app.http.get("/link-token/session", headers=app.person(token)))
        assert session["auth_methods"] == ["email"]
        await start_code(app, token, "eve@example.com")
        assert await issued_code(app, "eve@example.com") is None
        assert refusal(await app.widget(token, "auth/anonymous")) == (403, "SIGNUP_CLOSED")
        assert (await sign_in(app, token, ADA))["user_id"] == known["user_id"]


async def test_without_mail_signing_in_by_mail_is_not_offered(database_url: str) -> None:
    async with running_app(database_url, mailbox=False) as app:
        token = await app.link_token()
        session = data_of(await app.http.get("/link-token/session", headers=app.person(token)))
        assert session["auth_methods"] == ["anonymous"]
        assert refusal(await start_code(app, token, ADA)) == (409, "EMAIL_SIGN_IN_UNAVAILABLE")


async def test_the_operators_pages_are_told_to_the_widget(database_url: str) -> None:
    terms = "https://connect.example.com/terms"
    async with running_app(database_url, terms_url=terms) as app:
        session = data_of(
            await app.http.get("/link-token/session", headers=app.person(await app.link_token()))
        )
    assert (session["privacy_url"], session["terms_url"]) == (None, terms)


async def test_a_suspended_person_is_cut_off_everywhere_at_once(app: App) -> None:
    token = await app.link_token()
    user = await sign_in(app, token, ADA)
    access_token = await app.link_token()
    await sign_in(app, access_token, ADA)
    await app.widget(access_token, "consent", {"approved": True})
    public_token = data_of(await app.widget(access_token, "complete"))["public_token"]
    access = data_of(await app.post("/token/exchange", {"public_token": public_token}))["access_token"]
    code = await new_code(app, await app.link_token())

    async def suspend(uow: Uow) -> None:
        await identity.suspend_user(uow, user_id=user["user_id"])

    async def resume(uow: Uow) -> None:
        await identity.resume_user(uow, user_id=user["user_id"])

    await app.services.database.execute(suspend)
    assert refusal(await app.userinfo(access)) == (401, "INVALID_GRANT")
    for path in ("/token/rotate", "/link-token"):
        assert refusal(await app.post(path, {"access_token": access})) == (401, "INVALID_GRANT")
    checked = data_of(await app.post("/link-token/check-session", {"access_token": access}))
    assert checked == {"has_valid_session": False, "reason": "grant_revoked"}
    assert refusal(await app.widget(token, "consent", {"approved": True})) == (401, "INVALID_GRANT")
    assert refusal(await try_code(app, await app.link_token(), ADA, code)) == WRONG
    await app.services.database.execute(resume)
    assert (await app.userinfo(access)).status_code == 200


async def test_a_guest_who_signs_in_by_mail_becomes_that_person_in_the_session(app: App) -> None:
    token = await app.link_token()
    guest = data_of(await app.widget(token, "auth/anonymous"))
    await app.widget(token, "consent", {"approved": True})
    person = await sign_in(app, token, ADA)
    assert person["user_id"] != guest["user_id"]
    session = data_of(await app.http.get("/link-token/session", headers=app.person(token)))
    assert (session["user"]["user_id"], session["consent"]) == (person["user_id"], None)


async def test_what_is_spent_is_pruned_and_what_still_counts_is_kept(app: App) -> None:
    token = await app.link_token()
    await start_code(app, token, ADA)
    app.clock.advance(minutes=25)
    assert await app.services.database.execute(identity.prune_codes) == 0
    app.clock.advance(microseconds=1)
    assert await app.services.database.execute(identity.prune_codes) == 1
    assert not await rows(app, "SELECT 1 FROM sign_in_addresses")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("  ada@example.com\n", "ada@example.com"),
        ("a+b@sub.example.co.uk", "a+b@sub.example.co.uk"),
        ("ÅSA@exempel.se", "åsa@exempel.se"),
        ("o'neil@example.com", "o'neil@example.com"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert normalise_email(text) == address
    assert normalise_email(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@example",
        "ada@@example.com",
        "a b@example.com",
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@exam\x00ple.com",
        "ada@example.com,eve@example.com",
        "Ada <ada@example.com>",
        '"ada"@example.com',
        "a" * 65 + "@example.com",
        "ada@" + "a" * 250 + ".com",
    ],
)
def test_what_is_no_address_is_refused_with_the_fields_name(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normalise_email(text)
    assert refused.value.details[0]["path"] == ["email"]


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("de", "de"), ("pt-BR", "pt"), ("FR", "fr"), ("tlh", "en"), ("", "en"), (None, "en"), ("../x", "en")],
)
def test_a_language_is_one_that_we_speak(asked: str | None, spoken: str) -> None:
    assert supported_language(asked) == spoken
