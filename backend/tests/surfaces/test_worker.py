"""The worker: a code asked for arrives by mail, tried again it is a new one, periodic work is done, SIGTERM ends it."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from kryptos.domains import audit, identity
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.identity import CodeKind, CodeWrong, IssuedCode
from kryptos.entrypoints import worker
from kryptos.infra.database import Database, Uow
from kryptos.infra.mail import Mail, MailRefused, MailUndelivered, list_mails
from kryptos.infra.queue import count_jobs, find_last_worker_sign
from kryptos.infra.settings import Settings
from kryptos.surfaces.worker.jobs import (
    Prune,
    SealAuditLog,
    SendSignInCode,
    handlers,
    send_sign_in_code,
)
from kryptos.surfaces.worker.pruning import PRUNED
from kryptos.surfaces.worker.schedule import SCHEDULE
from kryptos.surfaces.worker.sign_in_mail import load_texts, sign_in_mail
from kryptos.surfaces.worker.subscriptions import SUBSCRIPTIONS
from tests.support.queue import eventually, open_database, query
from tests.support.workshop import workshop_of

PEPPER = "1:" + (b"k" * 32).hex()
ADDRESS = "ada@example.com"


@pytest_asyncio.fixture(loop_scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


@asynccontextmanager
async def working(url: str, settings: Settings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(worker.work(settings, url=url, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def ask_for_code(database: Database) -> None:
    await database.execute(
        partial(identity.request_code, email=ADDRESS, purpose="ls_1", app_name="Tax & Co", language="sv")
    )


def code_in(mail: Mail) -> str:
    found = re.search(r"\b\d{6}\b", mail.text)
    assert found
    return found[0]


async def test_a_code_asked_for_arrives_and_signs_in(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    settings = Settings(mailbox=True, data_dir=tmp_path, pepper=PEPPER)
    await ask_for_code(database)

    async def mails() -> list[Mail]:
        return [kept.mail for kept in await database.execute(list_mails)]

    async with working(database_url, settings):
        await eventually(mails, what="the mail")
        assert await database.execute(find_last_worker_sign) is not None
        (mail,) = await mails()
        assert mail.to == ADDRESS
        code = code_in(mail)
        verify = partial(identity.verify_sign_in_code, email=ADDRESS, purpose="ls_1")
        user = await database.execute(partial(verify, code=code))
        assert user.email == ADDRESS
        periods = await query(database_url, "SELECT name FROM job_periods")
        assert {row["name"] for row in periods} == {each.job.name for each in SCHEDULE}
    assert await database.execute(find_last_worker_sign) is None
    assert (await database.execute(count_jobs))["dead"] == 0
    everything = await query(
        database_url,
        "SELECT string_agg(convert_from(payload, 'UTF8'), '') || coalesce(string_agg(error, ''), '') AS text FROM jobs",
    )
    assert code not in (everything[0]["text"] or "")


class Flaky:
    """Loses the first mail on the way, although it was sent."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        self.mails.append(mail)
        if len(self.mails) == 1:
            raise MailUndelivered


async def test_a_mail_sent_again_brings_a_new_code_and_the_old_one_is_void(
    database: Database, database_url: str
) -> None:
    mailer = Flaky()
    workshop = workshop_of(database, mailer=mailer)
    await ask_for_code(database)
    (challenge,) = await query(database_url, "SELECT id FROM sign_in_challenges")
    job = SendSignInCode(challenge_id=challenge["id"])
    with pytest.raises(MailUndelivered):
        await send_sign_in_code(workshop, job)
    await send_sign_in_code(workshop, job)
    old, new = (code_in(mail) for mail in mailer.mails)
    verify = partial(identity.verify_sign_in_code, email=ADDRESS, purpose="ls_1")
    if old != new:
        with pytest.raises(CodeWrong):
            await database.execute(partial(verify, code=old))
    assert (await database.execute(partial(verify, code=new))).email == ADDRESS


class Refusing:
    async def send(self, mail: Mail) -> None:
        raise MailRefused


async def test_an_address_that_refuses_mail_an_ended_challenge_and_no_mailer_end_the_job(
    database: Database, database_url: str
) -> None:
    await ask_for_code(database)
    (challenge,) = await query(database_url, "SELECT id FROM sign_in_challenges")
    job = SendSignInCode(challenge_id=challenge["id"])
    workshop = workshop_of(database, mailer=Refusing())
    await send_sign_in_code(workshop, job)
    await send_sign_in_code(workshop_of(database), job)
    await send_sign_in_code(workshop, SendSignInCode(challenge_id="sic_unknown"))


async def test_what_can_be_pruned_is_pruned_and_the_audit_log_is_sealed(
    database: Database, database_url: str
) -> None:
    operator = Actor(ActorKind.OPERATOR)

    async def act(uow: Uow) -> None:
        for number in range(3):
            await audit.record(uow, action=f"act.{number}", actor=operator)

    await database.execute(act)
    await ask_for_code(database)
    await query(database_url, "UPDATE sign_in_challenges SET expires_at = now() - interval '1 day'")
    work = handlers(workshop_of(database))
    await work[SealAuditLog](SealAuditLog())
    await work[Prune](Prune())
    assert not await query(database_url, "SELECT 1 FROM sign_in_challenges")
    (report,) = await database.execute(audit.verify)
    assert (report.sealed, report.broken_at) == (3, None)


async def test_one_that_cannot_be_pruned_does_not_keep_the_rest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    pruned = []

    async def fail(_uow: Uow) -> int:
        message = "no"
        raise ValueError(message)

    async def succeed(_uow: Uow) -> int:
        pruned.append(1)
        return 1 if len(pruned) < 3 else 0  # more than one transaction deletes: there was an outage

    monkeypatch.setattr("kryptos.surfaces.worker.jobs.PRUNED", {"a": fail, "b": succeed})
    work = handlers(workshop_of(database))
    with pytest.raises(ExceptionGroup):
        await work[Prune](Prune())
    assert pruned == [1, 1, 1]


def test_every_job_that_is_asked_for_has_a_handler() -> None:
    known = handlers(workshop_of(Database.__new__(Database)))
    names = [job.name for job in known]
    assert len(set(names)) == len(names)
    event = msgspec.json.encode({"challenge_id": "sic_1"})
    assert SUBSCRIPTIONS["sign_in_code_requested"](event) == [SendSignInCode(challenge_id="sic_1")]
    assert {type(periodic.job) for periodic in SCHEDULE} <= set(known)
    assert PRUNED


LANGUAGES = ["en", "fr", "de", "pt", "sv", "es", "pl", "it"]


def issued(language: str, app_name: str = "App", kind: CodeKind = CodeKind.CONNECT) -> IssuedCode:
    return IssuedCode(kind=kind, email=ADDRESS, code="012345", language=language, app_name=app_name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_is_in_the_persons_language(language: str) -> None:
    mail = sign_in_mail(issued(language, '<b>Tax</b> & {code}\r\nBcc: "x"'))
    others = [texts.connect.ignore for name, texts in load_texts().items() if name != language]
    assert load_texts()[language].connect.ignore in mail.text
    assert not any(text in mail.text for text in others)
    assert mail.subject.startswith("012345 ")
    assert "\n" not in mail.subject
    assert "10 " in mail.text
    assert '<b>Tax</b> & {code} Bcc: "x"' in mail.text
    assert mail.html is not None
    assert "<b>Tax" not in mail.html
    assert "&lt;b&gt;Tax&lt;/b&gt; &amp; {code}" in mail.html
    assert f'lang="{language}"' in mail.html
    assert "http" not in mail.html  # nothing that tells who opened it


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_thing_that_a_code_does_has_a_mail_of_its_own(language: str) -> None:
    """Whoever is asked for a code can read what it would do; a code that erases says so before it is shown."""
    mails = {kind: sign_in_mail(issued(language, kind=kind)) for kind in CodeKind}
    for part in ("subject", "asked", "ignore"):
        said = [getattr(load_texts()[language].of(kind), part) for kind in CodeKind]
        assert len(set(said)) == len(said), part
    for kind, mail in mails.items():
        assert mail.subject.startswith("012345 ")
        assert ("App" in mail.subject) is (kind is CodeKind.CONNECT)
        assert mail.text.count("012345") == 1
        assert "{" not in mail.subject + mail.text
        if language != "en":
            english = load_texts()["en"].of(kind)
            assert english.ignore not in mail.text
            assert english.asked not in mail.text
    erasing = mails[CodeKind.ERASURE]
    words = ("eras", "effac", "lösch", "apag", "rader", "borr", "usun", "cancell")
    assert any(word in erasing.subject.lower() for word in words)
    assert not any(word in mails[CodeKind.ACCOUNT].text.lower() for word in words)


def test_a_language_that_we_do_not_speak_is_english() -> None:
    assert "sign-in code" in sign_in_mail(issued("tlh")).subject


PROGRAM = """
import sys
from pathlib import Path
from kryptos.entrypoints.worker import main
from kryptos.infra.settings import Settings
main(Settings(database_url=sys.argv[1], data_dir=Path(sys.argv[2])))
"""


async def test_sigterm_ends_the_process_in_good_order(database_url: str, tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, database_url, str(tmp_path), stderr=asyncio.subprocess.PIPE
    )
    seen = "SELECT 1 FROM worker_heartbeats"
    await eventually(lambda: query(database_url, seen), what="a sign of life")
    process.terminate()
    _, stderr = await asyncio.wait_for(process.communicate(), 25)
    lines = [msgspec.json.decode(line) for line in stderr.splitlines()]
    assert process.returncode == 0
    assert [line["event"] for line in lines if line["event"].startswith("worker_")] == [
        "worker_started",
        "worker_stopped",
    ]
    assert not await query(database_url, seen)
