"""Two web servers on one database: what was ended through one is refused by the very next call on the other."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pytest
import sqlalchemy as sa

from kryptos.domains import clients, identity, workspaces
from kryptos.domains.clients.policy import CUT_MARGIN
from kryptos.domains.workspaces import Role
from kryptos.infra.database import Database, Uow
from tests.support.app import OPERATOR
from tests.support.installation import Installation, Web, durable_cluster, installed
from tests.support.queue import open_database, query

pytestmark = pytest.mark.slow

ALTERNATIONS = 200
Change = Callable[[Uow], Awaitable[object]]


class Node:
    """One server, over one connection that stays open."""

    def __init__(self, web: Web, client_headers: dict[str, str]) -> None:
        self._http = httpx.Client(base_url=web.base_url, timeout=30)
        self._client_headers = client_headers

    def close(self) -> None:
        self._http.close()

    def read(self, access_token: str) -> tuple[int, str]:
        """Make a data call; return its status and code, if it has one."""
        reply = self._http.get("/api/v1/userinfo", headers={"Authorization": f"Bearer {access_token}"})
        return reply.status_code, reply.json().get("code", "")

    def as_client(self, client_headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Make a call with the client's credentials; return its status and code, if it has one."""
        reply = self._http.get("/token/grants", headers=client_headers or self._client_headers)
        return reply.status_code, reply.json().get("code", "")

    def post(
        self, path: str, body: dict[str, object], headers: dict[str, str] | None = None
    ) -> dict[str, str]:
        """Make a call that must succeed, and return its data."""
        reply = self._http.post(path, json=body, headers=headers or self._client_headers)
        assert reply.status_code == 200, reply.text
        return dict(reply.json().get("data", {}))

    def session(self, link_token: str) -> tuple[int, str]:
        """Open the session of a link token; return status and code, if it has one."""
        reply = self._http.get("/link-token/session", headers={"X-LINK-TOKEN": link_token})
        return reply.status_code, reply.json().get("code", "")

    def status_of(self, path: str, body: dict[str, object]) -> int:
        """Make a call, and return its status."""
        return self._http.post(path, json=body, headers=self._client_headers).status_code

    def connect(
        self, client_headers: dict[str, str] | None = None, account: dict[str, object] | None = None
    ) -> dict[str, str]:
        """Connect a new guest, and an account; return what the exchange gives, the user's id and the account's."""
        person = {"X-LINK-TOKEN": self.post("/link-token", {}, client_headers)["link_token"]}
        user_id = self.post("/link-token/auth/anonymous", {}, person)["user_id"]
        self.post("/link-token/consent", {"approved": True}, person)
        connected = self.post("/link-token/integrations", account, person) if account else {"wallet_id": ""}
        public_token = self.post("/link-token/complete", {}, person)["public_token"]
        exchanged = self.post("/token/exchange", {"public_token": public_token}, client_headers)
        return {**exchanged, "user_id": user_id, "wallet_id": connected["wallet_id"]}


class Scene:
    """Two servers, an app connected to one person, and an operator."""

    def __init__(
        self, nodes: tuple[Node, Node], client_id: str, leaky: dict[str, str], database: Database
    ) -> None:
        self.nodes = nodes
        self._leaky = leaky
        self.client_id = client_id
        self.given = nodes[0].connect()
        self._database = database
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.run(self._database.close())
        self._runner.close()

    def operate(self, change: Change) -> None:
        """Make a change from outside of both servers."""
        self._runner.run(self._database.execute(change))

    def is_paused(self, wallet_id: str) -> bool:
        """Say whether an account is not read any more."""
        found = query(self._database.url, "SELECT paused_at FROM integrations WHERE id = $1", wallet_id)
        return self._runner.run(found)[0]["paused_at"] is not None

    def rotate(self, writer: Node, reader: Node) -> tuple[int, str]:
        """Rotate on one server: the new token reads on the other, the old one does not."""
        old = self.given["access_token"]
        self.given |= writer.post("/token/rotate", {"access_token": old})
        refused = reader.read(old)
        assert reader.read(self.given["access_token"]) == (200, "")
        return refused

    def revoke(self, writer: Node, reader: Node) -> tuple[int, str]:
        """Revoke on one server, after the other has read."""
        given = writer.connect()
        assert reader.read(given["access_token"]) == (200, "")
        writer.post("/token/revoke", {"grant_id": given["grant_id"]})
        return reader.read(given["access_token"])

    def suspend_client(self, writer: Node, reader: Node) -> tuple[int, str]:
        self.operate(partial(clients.suspend_client, client_id=self.client_id))
        assert reader.as_client() == writer.as_client() == (401, "INVALID_CLIENT")
        refused = reader.read(self.given["access_token"])
        self.operate(partial(clients.resume_client, client_id=self.client_id))
        return refused

    def suspend_user(self, _writer: Node, reader: Node) -> tuple[int, str]:
        self.operate(partial(identity.suspend_user, user_id=self.given["user_id"]))
        refused = reader.read(self.given["access_token"])
        self.operate(partial(identity.resume_user, user_id=self.given["user_id"]))
        return refused

    def cut_tokens(self, writer: Node, reader: Node) -> tuple[int, str]:
        """Cut another app's tokens, so that those of this scene go on."""
        given = writer.connect(self._leaky)
        assert reader.read(given["access_token"]) == (200, "")
        link_token = writer.post("/link-token", {}, self._leaky)["link_token"]
        self.operate(partial(clients.cut_tokens, client_id=self._leaky["X-Client-Id"]))
        refused = reader.read(given["access_token"])
        assert writer.read(given["access_token"]) == refused
        assert reader.session(link_token) == writer.session(link_token) == refused
        self.operate(_heal)
        return refused

    def remove_member(self, _writer: Node, reader: Node) -> tuple[int, str]:
        user_id, workspace_id = self.given["user_id"], self.given["workspace_id"]
        self.operate(
            partial(workspaces.remove_member, actor=OPERATOR, user_id=user_id, workspace_id=workspace_id)
        )
        refused = reader.read(self.given["access_token"])
        self.operate(
            partial(
                workspaces.add_member,
                actor=OPERATOR,
                user_id=user_id,
                workspace_id=workspace_id,
                role=Role.OWNER,
            )
        )
        return refused


async def _heal(uow: Uow) -> None:
    """Take every cut back, which nothing in the product does: the next one need not wait for the margin to pass."""
    await uow.execute(sa.text("UPDATE clients SET tokens_cut_at = NULL"))


ENDINGS: tuple[tuple[Callable[[Scene, Node, Node], tuple[int, str]], str], ...] = (
    (Scene.rotate, "INVALID_TOKEN"),
    (Scene.revoke, "INVALID_GRANT"),
    (Scene.suspend_client, "INVALID_CLIENT"),
    (Scene.suspend_user, "INVALID_GRANT"),
    (Scene.cut_tokens, "INVALID_TOKEN"),
    (Scene.remove_member, "INVALID_GRANT"),
)
"""How access ends, and what the next call on the other server is told."""


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """An installation with one client, on a database of its own."""
    with durable_cluster() as cluster, installed(cluster) as fresh:
        fresh.create_client()
        yield fresh


@pytest.fixture(scope="module")
def scene(installation: Installation) -> Iterator[Scene]:
    """Two servers that have both answered before anything ends."""
    webs = installation.serve(is_awaited=False), installation.serve(is_awaited=False)
    for web in webs:
        web.wait_until_it_answers()
    one, other = (Node(web, installation.client_headers) for web in webs)
    made = installation.command("client", "create", "Leaky")
    leaky = {"X-Client-Id": made["client_id"], "X-Client-Secret": made["client_secret"]}
    client_id = installation.client_headers["X-Client-Id"]
    scene = Scene((one, other), client_id, leaky, open_database(installation.url))
    yield scene
    scene.close()
    one.close()
    other.close()


def test_what_ends_on_one_server_is_refused_by_the_next_call_on_the_other(scene: Scene) -> None:
    missed: list[tuple[int, str, tuple[int, str]]] = []
    for number in range(ALTERNATIONS):
        end, code = ENDINGS[number % len(ENDINGS)]
        writer, reader = scene.nodes if number % 2 else scene.nodes[::-1]
        for node in scene.nodes:
            assert node.read(scene.given["access_token"]) == (200, "")
        refused = end(scene, writer, reader)
        if refused != (401, code):
            missed.append((number, end.__name__, refused))
    assert not missed


def test_suspension_from_the_command_line_is_seen_by_both_servers(
    installation: Installation, scene: Scene
) -> None:
    for _ in range(2):
        installation.command("client", "suspend", scene.client_id)
        for node in scene.nodes:
            assert node.read(scene.given["access_token"]) == (401, "INVALID_CLIENT")
            assert node.as_client() == (401, "INVALID_CLIENT")
        installation.command("client", "resume", scene.client_id)
        for node in scene.nodes:
            assert node.read(scene.given["access_token"]) == (200, "")
            assert node.as_client() == (200, "")


def test_tokens_cut_from_the_command_line_are_refused_by_both_servers(
    installation: Installation, scene: Scene
) -> None:
    kept = scene.given
    installation.command("client", "cut-tokens", scene.client_id, "--yes")
    for node in scene.nodes:
        assert node.read(kept["access_token"]) == (401, "INVALID_TOKEN")
        assert node.as_client() == (200, "")
    time.sleep(CUT_MARGIN.total_seconds() + 1)
    scene.given = scene.nodes[0].connect()
    for node in scene.nodes:
        assert node.read(scene.given["access_token"]) == (200, "")
        assert node.read(kept["access_token"]) == (401, "INVALID_TOKEN")


def test_revoked_on_one_server_while_the_other_asks_for_a_sync_leaves_nothing_read(scene: Scene) -> None:
    """Whichever comes first: what no app may read any more is paused."""
    one, other = scene.nodes
    with ThreadPoolExecutor(2) as together:
        for number in range(20):
            given = one.connect(account={"provider": "ethereum", "persona": "empty"})
            path = f"/developer/integrations/{given['wallet_id']}/resync"
            revoke = partial(one.status_of, "/token/revoke", {"grant_id": given["grant_id"]})
            resync = partial(other.status_of, path, {"user_id": given["user_id"]})
            done = [together.submit(each) for each in ((revoke, resync) if number % 2 else (resync, revoke))]
            assert {each.result() for each in done} <= {200, 202, 403, 404}
            assert scene.is_paused(given["wallet_id"]), number


def test_secret_dropped_from_the_command_line_is_refused_by_both_servers(
    installation: Installation, scene: Scene
) -> None:
    rotated = installation.command("client", "rotate", scene.client_id, "--drop-old")
    fresh = {"X-Client-Id": scene.client_id, "X-Client-Secret": rotated["client_secret"]}
    for node in scene.nodes:
        assert node.as_client() == (401, "INVALID_CLIENT")
        assert node.as_client(fresh) == (200, "")
