"""The examinations of ``kryptos doctor`` that need no database; each gives findings in words."""

import http.client
import ipaddress
import json
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from kryptos.infra.ports import PortTaken, require_free_port
from kryptos.infra.secrets import load_token_hasher
from kryptos.infra.settings import Settings, SettingsWrong, unknown_variables
from kryptos.kernel.errors import KryptosError
from kryptos.providers.registry import find_wrong_sources
from kryptos.surfaces.cli.database_findings import examine_database
from kryptos.surfaces.cli.installation import Installation
from kryptos.surfaces.cli.verdicts import Finding, ok, warning, wrong
from kryptos.surfaces.http.page_builds import (
    ACCOUNT_FOLDER,
    ACCOUNT_NOT_BUILT,
    NOT_BUILT,
    WIDGET_FOLDER,
    find_template,
)

_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
_ROOM_NEEDED_BYTES = 200_000_000
_ROOM_WANTED_BYTES = 2_000_000_000
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to call what listens on every address


def examine(installation: Installation) -> Iterator[Finding]:
    """Yield the findings about an installation, each as soon as it is known."""
    yield from examine_variables()
    try:
        settings = installation.settings()
    except SettingsWrong as error:
        yield wrong(error.message)
        return
    for examination in EXAMINATIONS:
        yield from examination(settings)
    yield from examine_database(settings, installation.clock)


def examine_variables() -> Iterator[Finding]:
    """Variables that look like settings and are none."""
    unknown = unknown_variables()
    for name in unknown:
        yield wrong(f"{name} is no setting, most likely a misspelt one: correct or remove it")
    if not unknown:
        yield ok("every KRYPTOS_* variable is a setting")


def examine_files(settings: Settings) -> Iterator[Finding]:
    """Who can read and write what the installation keeps."""
    directory = settings.data_dir.absolute()
    if not directory.exists():
        yield ok(f"data directory {directory}: not there yet, made at first start")
        return
    if not directory.is_dir():
        yield wrong(f"data directory {directory} is a file: remove it, or set KRYPTOS_DATA_DIR")
        return
    is_sound = True
    if directory.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        is_sound = False
        yield wrong(f"others can write to {directory}: chmod go-w {directory}")
    for path in _secret_files(directory):
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            is_sound = False
            yield wrong(f"others can read {path}: chmod go= {path}")
    if is_sound:
        yield ok(f"data directory {directory}: its secrets are readable by their owner alone")


def examine_pepper(settings: Settings) -> Iterator[Finding]:
    """Key of token hashes, which every process of the installation must share."""
    if settings.pepper is None:
        generated = settings.data_dir.absolute() / "secrets" / "pepper"
        if settings.database_url is not None:
            yield warning(
                f"KRYPTOS_PEPPER is not set, so this machine makes its own in {generated}: every machine on the same "
                "database needs the same one, and a backup of the database is useless without it"
            )
            return
        if not generated.exists():
            yield ok(f"the key of token hashes will be made at first start, in {generated}")
            return
    try:
        load_token_hasher(settings)
    except (KryptosError, OSError) as error:
        yield wrong(str(error))
    else:
        yield ok("the key of token hashes can be read")


def examine_mail(settings: Settings) -> Iterator[Finding]:
    """How mail leaves, if it does."""
    if settings.mailbox and settings.environment == "production":
        yield wrong(
            "KRYPTOS_MAILBOX shows everybody's mail, sign-in codes too, to anyone: unset it in production and set "
            "KRYPTOS_SMTP_URL"
        )
    elif settings.mailbox:
        yield ok("mail is not sent but shown at /mailbox, which is right for demos and tests only")
    elif settings.smtp_url is None:
        yield warning(
            "no KRYPTOS_SMTP_URL, so sign-in by e-mail is hidden and people can only go on as guests"
        )
    else:
        yield ok(f"mail goes through {urlsplit(settings.smtp_url).hostname}")


def examine_addresses(settings: Settings) -> Iterator[Finding]:
    """Where the server is reached, and whom it believes about callers' addresses."""
    address = urlsplit(settings.base_url)
    if address.scheme == "https":
        yield ok(f"browsers and apps reach this server at {settings.base_url}")
    elif address.hostname in _LOOPBACK_NAMES:
        yield ok(f"{settings.base_url} is reached from this machine only")
    else:
        yield warning(
            f"{settings.base_url} is not https, so tokens travel in the open: put a TLS proxy in front and set "
            "KRYPTOS_PUBLIC_URL to its https:// address"
        )
    for entry in filter(None, (part.strip() for part in settings.trusted_proxies.split(","))):
        try:
            ipaddress.ip_network(entry, strict=False)
        except ValueError:
            yield wrong(
                f"KRYPTOS_TRUSTED_PROXIES has {entry!r}, which is no address or network such as 10.0.0.0/8"
            )


def examine_sources(settings: Settings) -> Iterator[Finding]:
    """Whom the adapters ask about each chain."""
    findings = list(find_wrong_sources(settings.upstreams, etherscan_url=settings.etherscan_url))
    for finding in findings:
        yield wrong(finding)
    if not findings and settings.upstreams:
        yield ok(
            f"chains are asked where the catalogue says, but for {', '.join(sorted(settings.upstreams))}"
        )
    elif not findings:
        yield ok("every chain is asked where the catalogue says")


def examine_disk(settings: Settings) -> Iterator[Finding]:
    """Whether the data directory has room: a database without room stops."""
    directory = settings.data_dir.absolute()
    place = next(each for each in (directory, *directory.parents) if each.exists())
    free = shutil.disk_usage(place).free
    if free < _ROOM_NEEDED_BYTES:
        yield wrong(f"{free / 1e6:.0f} MB are free where {directory} is: make room before the database stops")
    elif free < _ROOM_WANTED_BYTES:
        yield warning(f"{free / 1e9:.1f} GB are free where {directory} is: make room")
    else:
        yield ok(f"{free / 1e9:.0f} GB are free where {directory} is")


def examine_metrics(settings: Settings) -> Iterator[Finding]:
    """Whether whoever watches the web servers also sees the workers."""
    host = settings.worker_metrics_host
    if settings.worker_metrics_port is None:
        if settings.metrics_token is not None:
            yield warning(
                "KRYPTOS_METRICS_TOKEN is set, so somebody scrapes, but KRYPTOS_WORKER_METRICS_PORT is not: what "
                "workers count (jobs, syncs, others' servers) is seen by nobody"
            )
    elif settings.metrics_token is None and host not in _LOOPBACK_NAMES:
        yield warning(
            f"a worker shows its metrics on {host}, but without KRYPTOS_METRICS_TOKEN to this machine alone"
        )


def examine_pages(_settings: Settings) -> Iterator[Finding]:
    """Whether the widget's pages and the consent centre's are there to be shown."""
    if find_template(WIDGET_FOLDER) is None:
        yield warning(NOT_BUILT)
    else:
        yield ok("the widget's pages are built")
    if find_template(ACCOUNT_FOLDER) is None:
        yield warning(ACCOUNT_NOT_BUILT)
    else:
        yield ok("the consent centre's page is built")


def examine_port(settings: Settings) -> Iterator[Finding]:
    """Whether the web port is free, or already ours."""
    try:
        require_free_port(settings)
    except PortTaken as error:
        if _is_us(settings):
            yield ok(f"port {settings.port}: Kryptos is serving there")
        else:
            yield wrong(error.message)
    else:
        yield ok(f"port {settings.port} on {settings.host} is free")


EXAMINATIONS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    examine_files,
    examine_disk,
    examine_pepper,
    examine_mail,
    examine_addresses,
    examine_sources,
    examine_metrics,
    examine_pages,
    examine_port,
)
"""Everything that is looked at, in order; the database comes last, since it may take a while."""


def _secret_files(directory: Path) -> Iterator[Path]:
    secrets = directory / "secrets"
    if secrets.is_dir():
        yield secrets
        yield from sorted(path for path in secrets.iterdir() if path.is_file())
    facts = directory / "demo.json"
    if facts.exists():
        yield facts


def _is_us(settings: Settings) -> bool:
    """Say whether what listens on the web port answers as we do (contract K-240)."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/api/health")
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(answer, dict) and answer.get("service") == "connect-apis"
