"""What the people and apps of the load do, again and again, and the ledger of what they were promised."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count

from tests.endurance.at_home import AtHome
from tests.endurance.calling import Caller, Headers, Notes
from tests.endurance.ledger import Access, Ledger, bearer, page_through
from tests.support.load import Abandoned

PERSONAS = {
    "nft": "ethereum",
    "defi": "ethereum",
    "holder": "ethereum",
    "saver": "solana",
    "empty": "ethereum",
}
"""Test accounts that are connected, with the chain of each."""
_SYNC_WITHIN_SECONDS = 120
_LOOK_EVERY_SECONDS = 0.2
_REST_SECONDS = 0.02
_IN_PROGRESS = {"active", "ONGOING"}

MailedCode = Callable[[str], str]
"""Waits for the newest mail to an address and returns the code in it."""


class Crowd:
    """Threads that live such lives while the block runs; at its end each finishes the life it is in."""

    def __init__(
        self, apps: list[Headers], base_urls: list[str], mailed: MailedCode, *, threads: int
    ) -> None:
        self.notes = Notes()
        self.ledger = Ledger()
        self._apps = apps
        self._base_urls = base_urls
        self._mailed = mailed
        self._stop = threading.Event()
        self._numbers = count()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them live while the block runs."""
        for each in self._threads:
            each.start()
        try:
            yield
        finally:
            self._stop.set()
            for each in self._threads:
                each.join()

    def _run(self) -> None:
        with Caller(self._base_urls, self.notes) as caller:
            while not self._stop.is_set():
                number = next(self._numbers)
                life = Life(caller, self.ledger, self._apps[number % len(self._apps)], number)
                try:
                    life.live(self._mailed if number % 4 == 1 else None)
                except Abandoned:
                    continue  # it was noted as undocumented
                except Exception as error:  # noqa: BLE001 - whatever a thread runs into belongs in the notes
                    self.notes.undocumented.append(f"{type(error).__name__}: {error}")
                self._stop.wait(_REST_SECONDS)


class Life:
    """One person's way through one app."""

    def __init__(self, caller: Caller, ledger: Ledger, app: Headers, number: int) -> None:
        self._caller = caller
        self._ledger = ledger
        self._app = app
        self._number = number

    def live(self, mailed: MailedCode | None) -> None:
        """Connect, be read by the app, and end in one of several ways."""
        person = self.arrive(mailed)
        wallets = self._connect(person)
        link = self._caller.post("/link-token/management-link", person)["url"] if mailed is None else ""
        access = self._give(person, wallets)
        self._read(access)
        endings = [self._keep, self._rotate, self._revoke, self._resync, self._come_back, self._take_back]
        if mailed is None:
            home = AtHome(self._caller, self._ledger)
            endings += [partial(self._visit, link, home.end_access), partial(self._visit, link, home.erase)]
        endings[self._number // 4 % len(endings)](access)

    # ------------------------------------------------------------ the way there

    def arrive(self, mailed: MailedCode | None) -> Headers:
        person = {"X-LINK-TOKEN": self._caller.post("/link-token", self._app)["link_token"]}
        if mailed is None:
            told = self._caller.post("/link-token/auth/anonymous", person)
            person["X-Widget-Key"] = told["widget_key"]
        else:
            person["X-Widget-Key"] = self._sign_in(person, f"person{self._number}@example.com", mailed)
        self._caller.post("/link-token/consent", person, {"approved": True})
        return person

    def _sign_in(self, person: Headers, email: str, mailed: MailedCode) -> str:
        """Sign in with the code of the newest mail: a worker that died after sending one sends another."""
        self._caller.post("/link-token/auth/email/start", person, {"email": email})
        path, told = "/link-token/auth/email/verify", None
        while told is None:
            body = {"email": email, "code": mailed(email)}
            told = self._caller.try_to_post(path, person, body, refusal="CODE_INVALID")
        self._ledger.emails.append(email)
        return str(told["widget_key"])

    def _connect(self, person: Headers) -> dict[str, str]:
        names = list(PERSONAS)
        chosen = {names[self._number % len(names)], names[self._number // 3 % len(names)]}
        return {self.connected(person, persona): persona for persona in sorted(chosen)}

    def connected(self, person: Headers, persona: str) -> str:
        account = {"provider": PERSONAS[persona], "persona": persona}
        return str(self._caller.post("/link-token/integrations", person, account)["wallet_id"])

    def _give(self, person: Headers, wallets: dict[str, str]) -> Access:
        public_token = self._caller.post("/link-token/complete", person)["public_token"]
        given = self._caller.post("/token/exchange", self._app, {"public_token": public_token})
        access = Access(self._app, given["grant_id"], given["access_token"], wallets)
        self._ledger.accesses.append(access)
        return access

    # ------------------------------------------------------------ what an app does with it

    def _read(self, access: Access) -> None:
        self._caller.get("/api/v1/userinfo", access.bearer)
        began = time.monotonic()
        while self._is_being_read(access):
            if time.monotonic() - began > _SYNC_WITHIN_SECONDS:
                message = f"{list(access.wallets)} not read within {_SYNC_WITHIN_SECONDS} s"
                raise TimeoutError(message)
            time.sleep(_LOOK_EVERY_SECONDS)
        self._ledger.sync_seconds.append(time.monotonic() - began)
        self._caller.get("/api/v1/holdings", access.bearer)
        self._ledger.transactions_read += len(page_through(self._caller, access))

    def _is_being_read(self, access: Access) -> bool:
        listed = self._caller.get("/api/v1/integrations", access.bearer)["data"]
        return any(each["status"] in _IN_PROGRESS for each in listed)

    # ------------------------------------------------------------ how it goes on

    def _keep(self, access: Access) -> None:
        self._caller.post("/link-token/check-session", self._app, {"access_token": access.token})

    def _rotate(self, access: Access) -> None:
        old = access.token
        access.token = self._caller.post("/token/rotate", self._app, {"access_token": old})["access_token"]
        access.dead_tokens.append(old)
        self._caller.require_refused("/api/v1/userinfo", bearer(old), code="INVALID_TOKEN")
        self._caller.get("/api/v1/userinfo", access.bearer)

    def _revoke(self, access: Access) -> None:
        self._caller.post("/token/revoke", self._app, {"grant_id": access.grant_id})
        access.is_revoked = True
        self._caller.require_refused("/api/v1/userinfo", access.bearer, code="INVALID_GRANT")

    def _resync(self, access: Access) -> None:
        user_id = self._caller.get("/api/v1/userinfo", access.bearer)["userInfo"]["sub"]
        for wallet_id, mode in zip(access.wallets, ("latest", "from_start"), strict=False):
            body = {"user_id": user_id, "mode": mode}
            self._caller.post(f"/developer/integrations/{wallet_id}/resync", self._app, body)
        self._read(access)

    def _resumed(self, access: Access) -> Headers:
        created = self._caller.post("/link-token", self._app, {"access_token": access.token})
        return {"X-LINK-TOKEN": created["link_token"]}

    def _visit(self, link: str, what: Callable[[Access, Headers], None], access: Access) -> None:
        """Open the consent centre with a management link; it opens once, so with a lost answer nobody gets in."""
        path, key = "/account/api/sign-in/link", {"key": link.partition("#manage=")[2]}
        opened = self._caller.post_once(path, {}, key, refusal="MANAGEMENT_LINK_INVALID")
        if opened is not None:
            told, cookie = opened
            what(access, {"Cookie": cookie, "X-CSRF-Token": told["csrf_token"]})

    def _come_back(self, access: Access) -> None:
        person = self._resumed(access)
        persona = next(each for each in PERSONAS if each not in access.wallets.values())
        access.wallets[self.connected(person, persona)] = persona
        self._caller.post("/link-token/complete", person)
        self._read(access)

    def _take_back(self, access: Access) -> None:
        person = self._resumed(access)
        wallet_id = next(iter(access.wallets))
        self._caller.delete(f"/link-token/integrations/{wallet_id}", person)
        del access.wallets[wallet_id]
        self._ledger.removed.append(wallet_id)
        self._caller.post("/link-token/exit", person)
        self._read(access)
