"""The victims: two web servers, two workers and the database, killed with SIGKILL in turn and started again."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle

from kryptos.infra.postgres import Cluster
from tests.support.installation import Installation, Process, kill, restart
from tests.support.processes import wait_until

_DOWN_SECONDS = 0.5


@dataclass
class Recoveries:
    """How long after each kill the victim did its work again, in seconds."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


class Stage:
    """Everything that runs, and may be killed."""

    def __init__(self, cluster: Cluster, installation: Installation) -> None:
        self._cluster = cluster
        self._installation = installation
        self.webs = [installation.serve(), installation.serve()]
        self._workers = [installation.work(), installation.work()]
        self.recoveries = Recoveries()
        self._victims: dict[str, Callable[[], None]] = {
            "web 1": lambda: self._kill_web(0),
            "worker 1": lambda: self._kill_worker(0),
            "database": self._kill_database,
            "web 2": lambda: self._kill_web(1),
            "worker 2": lambda: self._kill_worker(1),
        }

    @property
    def base_urls(self) -> list[str]:
        """Where the servers are; a server that is started again keeps its port."""
        return [each.base_url for each in self.webs]

    def kill_in_turn(self, *, seconds: float, pause_seconds: float) -> None:
        """Kill one victim after the other until the time is over; every victim at least once."""
        end = time.monotonic() + seconds
        for number, victim in enumerate(cycle(self._victims)):
            if number >= len(self._victims) and time.monotonic() > end:
                return
            threading.Event().wait(pause_seconds)
            began = time.monotonic()
            self._victims[victim]()
            self.recoveries.seconds[victim].append(time.monotonic() - began)

    def _kill_web(self, index: int) -> None:
        web = self.webs[index]
        web.kill()
        self.webs[index] = self._installation.serve(web.port)

    def _kill_worker(self, index: int) -> None:
        self._workers[index].kill()
        began = self._heartbeats()
        self._workers[index] = self._installation.work()
        wait_until(lambda: self._heartbeats() > began, what="the worker works", timeout_seconds=60)

    def _heartbeats(self) -> int:
        return int(self._installation.rows("SELECT count(*) AS n FROM worker_heartbeats")[0]["n"])

    def _kill_database(self) -> None:
        assert self._cluster.pid is not None
        kill(self._cluster.pid)
        threading.Event().wait(_DOWN_SECONDS)
        restart(self._cluster)
        for web in self.webs:
            web.wait_until_it_answers()

    def processes(self) -> list[Process]:
        """Return everything that runs but the database."""
        return [*self.webs, *self._workers]
