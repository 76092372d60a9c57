"""A whole life on this server: somebody of whom something stands in every table that keeps anything of a person."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from kryptos.domains import audit, grants, identity
from kryptos.domains.audit import Actor, ActorKind
from kryptos.domains.clients import Mode
from kryptos.domains.grants import AccessRecord
from kryptos.infra.database import Origin, Uow
from kryptos.infra.mail.mailbox import MailboxMailer
from kryptos.providers.contracts import AssetRef, Direction, Standard
from kryptos.surfaces.worker.jobs import SendSignInCode, send_sign_in_code
from tests.support.app import App
from tests.support.connecting import (
    ETHER,
    USDC,
    Person,
    ToyChain,
    execute,
    happened,
    holds,
    moved,
    settle_in,
    use_chains,
)
from tests.support.journey import data_of, rows, start_code
from tests.support.wallets import ORIGIN, EvmWallet
from tests.support.workshop import settle, workshop_of

NETWORK_ADDRESS = "203.0.113.77"


@dataclass
class Life:
    """Somebody, and every mark by which they could be known."""

    person: Person
    name: str
    email: str
    address: str
    alias: str
    wallet_id: str
    token: AssetRef
    """A token that nobody else ever moved, with their name in it."""

    @property
    def marks(self) -> tuple[str, ...]:
        """What must be found nowhere once they are erased, outside of ids in the audit log."""
        return (
            self.email,
            self.address,
            self.address.lower(),
            self.alias,
            self.token.name or "",
            self.token.contract or "",
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids that lead to them while they are here."""
        return (self.person.user_id, self.person.workspace_id, self.person.grant_id, self.wallet_id)


async def live(app: App, name: str, *, number: int, transactions: int = 5, workspace_id: str = "") -> Life:
    """Let somebody come by mail, connect and prove an account, be read, and leave traces wherever one can."""
    email, wallet = f"{name}@example.com", EvmWallet(number)
    token = AssetRef("ethereum", Standard.ERC20, f"0x{number:040x}", f"N{number}", f"For {name} alone", 18)
    history = tuple(
        happened(
            number * 1000 + each,
            moved(Direction.INCOMING, ETHER, "0.1"),
            moved(Direction.INCOMING, token, "1"),
        )
        for each in range(transactions)
    )
    use_chains(
        app,
        ethereum=ToyChain((holds(ETHER, "1.5"), holds(USDC, "2"), holds(token, "5")), history, page_size=400),
    )
    workshop = workshop_of(
        app.services.database,
        mailer=MailboxMailer(app.services.database),
        settings=app.services.settings,
        registry=app.services.registry,
    )
    created = await app.create_client(f"App of {name}", mode=Mode.PRODUCTION, allowed_origins=[ORIGIN])
    client = {"X-Client-Id": created.client.id, "X-Client-Secret": created.client_secret}
    await app.services.database.execute(partial(identity.invite, email=email))
    person = await settle_in(app, client, email=email, workspace_id=workspace_id)
    await app.widget(person.token, "events", {"name": "seen"})
    await app.widget(person.token, "integrations/test", {"provider": "ethereum", "address": wallet.address})
    asked = {"family": "evm", "address": wallet.address, "origin": ORIGIN}
    message = data_of(await app.widget(person.token, "ownership/challenge", asked))["message"]
    alias = f"Nest egg of {name}"
    keyed = {**app.person(person.token), "Idempotency-Key": f"connect {name}"}
    proof = {"message": message, "signature": wallet.sign(message)}
    account = {"provider": "ethereum", "address": wallet.address, "alias": alias, "proof": proof}
    connected = await app.http.post("/link-token/integrations", json=account, headers=keyed)
    wallet_id = data_of(connected)["wallet_id"]
    await settle(app, workshop)
    await person.read("holdings")
    await _ask_for_a_mail(app, person, email)
    await _leave_traces(app, person, wallet_id)
    return Life(person, name, email, wallet.address, alias, wallet_id, token)


async def _ask_for_a_mail(app: App, person: Person, email: str) -> None:
    """Have a code mailed into the demo's mailbox, in a session in which nobody has signed in yet."""
    token = await app.link_token(person.client)
    await start_code(app, token, email)
    (challenge,) = await rows(app, "SELECT id FROM sign_in_challenges WHERE code_hash IS NULL")
    workshop = workshop_of(
        app.services.database, mailer=MailboxMailer(app.services.database), settings=app.services.settings
    )
    await send_sign_in_code(workshop, SendSignInCode(challenge_id=challenge["id"]))
    app.clock.advance(minutes=16)


async def _leave_traces(app: App, person: Person, wallet_id: str) -> None:
    """Leave what no call of the API leaves in a test: an account session, a noted access, a job that has died."""

    async def work(uow: Uow) -> None:
        access = AccessRecord(
            grant_id=person.grant_id,
            id=uow.new_id("acc"),
            at=uow.now,
            endpoint="/api/v1/holdings",
            rows=3,
            request_id="req_x",
        )
        await grants.record_accesses(uow, accesses=[access])
        actor = Actor(ActorKind.USER, person.user_id)
        await audit.record(uow, action="user.signed_in", actor=actor, user_id=person.user_id)

    await app.services.database.execute(work, origin=Origin(address=NETWORK_ADDRESS))
    now = app.clock.now()
    session = {"id": f"as_{person.user_id}", "user_id": person.user_id, "token_hash": person.user_id.encode()}
    await execute(
        app,
        "INSERT INTO account_sessions (id, user_id, token_hash, key_id, created_at, seen_at, expires_at)"
        " VALUES (:id, :user_id, :token_hash, 'test', :now, :now, :end)",
        **session,
        now=now,
        end=now + timedelta(days=1),
    )
    await execute(
        app,
        "INSERT INTO jobs (id, name, payload, lane, state, created_at, run_at, starts, max_starts, died_at, error)"
        " VALUES (:id, 'sync_integration', :payload, :lane, 'dead', :now, :now, 8, 8, :now, :error)",
        id=f"job_{wallet_id}",
        payload=b'{"integration_id":"%s"}' % wallet_id.encode(),
        lane=wallet_id,
        now=now,
        error="CouldNotLook('…')",
    )
