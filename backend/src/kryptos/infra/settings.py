"""Every setting, read once from ``KRYPTOS_*`` environment variables; the only place that reads the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import msgspec

from kryptos.kernel.errors import Kind, KryptosError

PREFIX = "KRYPTOS_"
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
WebAddress = Annotated[str, msgspec.Meta(pattern=r"^https?://\S+$")]
Days = Annotated[int, msgspec.Meta(ge=1, le=36_500)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=44_640)]
ProjectId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_RELAYS = r"^(?:none|(?:wss://[A-Za-z0-9.-]+|ws://(?:localhost|127\.0\.0\.1))(?::\d{1,5})?/?)\Z"
RelayAddress = Annotated[str, msgspec.Meta(pattern=_RELAYS)]

UPSTREAM_VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "KRYPTOS_RPC_": "Nodes of an EVM chain or of Solana, comma-separated, the first one first; `none` asks nobody.",
        "KRYPTOS_ESPLORA_": "Esplora servers of a Bitcoin-like chain, likewise.",
        "KRYPTOS_BLOCKBOOK_": "Blockbook servers of a Bitcoin-like chain, likewise.",
        "KRYPTOS_BLOCKSCOUT_": "Blockscout explorers of an EVM chain, likewise: they know its history by address.",
        "KRYPTOS_ROUTESCAN_": "Routescan addresses of an EVM chain (`…/etherscan/api`), likewise.",
    }
)
"""How a variable begins that names whom to ask about a chain, and what it takes. Its end is the chain's id in capitals,
with `_` for `-`; it replaces what the catalogue names. The registry of providers says whether the chain exists."""
_COUNTED_TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
_SECRETS = frozenset(
    {
        "coingecko_key",
        "database_url",
        "etherscan_key",
        "etherscan_url",
        "metrics_token",
        "pepper",
        "smtp_url",
        "upstreams",
    }
)


class SettingsWrong(KryptosError):
    """A setting has a value that cannot be used; the message names the variable."""

    code = "SETTINGS_WRONG"
    kind = Kind.INVALID


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can set. The variable of a field is ``KRYPTOS_`` and the field's name in capitals."""

    data_dir: Path = Path("var")
    """Directory of everything this installation keeps: embedded database, generated secrets, demo facts."""
    database_url: str | None = None
    """``postgresql://…`` of any PostgreSQL ≥ 15; without it the embedded PostgreSQL in the data directory is used."""
    database_pool: Count = 10
    """Connections for transactions per process."""
    database_readers: Count = 4
    """Connections held for the hottest reads per web process."""
    environment: Literal["development", "production"] = "development"
    """What ``/api/health`` reports; ``production`` also demands ``https`` in ``KRYPTOS_PUBLIC_URL``."""
    host: str = "127.0.0.1"
    """Address the web process binds to."""
    port: Port = 4400
    """Port the web process binds to."""
    web_processes: Count = 1
    """Web processes behind the port."""
    public_url: str | None = None
    """Base URL under which apps and browsers reach this server; default ``http://<host>:<port>``."""
    privacy_url: WebAddress | None = None
    """Your privacy notice, linked from the widget's first screen."""
    terms_url: WebAddress | None = None
    """Your terms of use, linked there too."""
    walletconnect_project_id: ProjectId | None = None
    """Your WalletConnect project, for hosted pages; in an app's frame the app's own id counts. No id: not offered."""
    walletconnect_relay_url: RelayAddress = "wss://relay.walletconnect.org"
    """Relay through which WalletConnect reaches wallets, `none` offers it nobody; `ws://` for this machine only."""
    trusted_proxies: str = ""
    """Comma-separated addresses or networks whose ``X-Forwarded-*`` headers are believed; default none."""
    signup: Literal["open", "invite", "closed"] = "open"
    """Who may become a user: everyone, only e-mail addresses that an operator invited, or nobody new."""
    smtp_url: str | None = None
    """``smtp://user:password@host:587`` (STARTTLS when offered) or ``smtps://…``; without it mail sign-in is hidden."""
    mail_from: str = "Kryptos Connect <no-reply@localhost>"
    """Sender of every mail."""
    mailbox: bool = False
    """Keep mail in the database and show it at ``/mailbox`` instead of sending it; for demos and tests only."""
    pepper: str | None = None
    """Keys that token hashes are made with, ``<id>:<64 hex digits>``, comma-separated, newest first; default: generated
    into the data directory. Every process of one installation needs the same."""
    metrics_token: str | None = None
    """Bearer token for ``/metrics``; without it only this machine may read them."""
    worker_metrics_port: Port | None = None
    """Port of a worker's own ``/metrics``; without it there is none. Each worker of one machine needs its own."""
    worker_metrics_host: str = "127.0.0.1"
    """Address of that port."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severe log line that is written."""
    body_limit_bytes: Annotated[int, msgspec.Meta(ge=1024, le=100_000_000)] = 262_144
    """Largest request body accepted."""
    rate_limit_factor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    """Multiplies every rate limit; for load tests and trusted installations."""
    access_record_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 365
    """How long it is kept which app read what of a person's data, and when; shown to that person."""
    sync_every_minutes: Minutes = 360
    """How often what is connected is read again by itself."""
    guest_days: Days = 30
    """How long a guest of whom no app may read anything is kept; then everything of theirs is erased."""
    scrub_nightly: bool = True
    """Scrub the embedded database's files in the night (UTC) after somebody was erased; locks each table meanwhile."""
    worker_concurrency: Count = 40
    """Jobs that one worker runs side by side."""
    etherscan_key: str | None = None
    """Key of an Etherscan account; without it Etherscan is not asked."""
    etherscan_url: str = "https://api.etherscan.io/v2/api"
    """Where Etherscan is asked, for every chain."""
    prices_defillama: str | None = None
    """Where DefiLlama is asked for prices, the first of all sources; default its own address, `none` asks nobody."""
    prices_coingecko: str | None = None
    """Where CoinGecko is asked for prices, likewise."""
    coingecko_key: str | None = None
    """Key of a CoinGecko account; without it CoinGecko answers a few calls a minute."""
    prices_coinbase: str | None = None
    """Where Coinbase is asked for candles, likewise."""
    prices_kraken: str | None = None
    """Where Kraken is asked for candles, likewise."""
    prices_binance: str | None = None
    """Where Binance is asked for candles, likewise; it refuses callers of some countries."""
    upstreams: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Values of the variables of ``UPSTREAM_VARIABLES`` that are set, by name."""

    def __repr__(self) -> str:
        """Return the settings without what may hold a password or a key."""
        return f"Settings({', '.join(f'{field}={value!r}' for field, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Return the fields as tracebacks show them."""
        values = ((field, getattr(self, field)) for field in self.__struct_fields__)
        return [(field, "…" if value and field in _SECRETS else value) for field, value in values]

    @property
    def walletconnect_relay(self) -> str | None:
        """Address of the relay without a trailing slash, None where WalletConnect is not offered."""
        relay = self.walletconnect_relay_url.rstrip("/")
        return None if relay == "none" else relay

    @property
    def base_url(self) -> str:
        """Base URL of this server without a trailing slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def variable_of(field: str) -> str:
    """Return the environment variable of a field: ``data_dir`` → ``KRYPTOS_DATA_DIR``."""
    return PREFIX + field.upper()


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment; raise ``SettingsWrong`` naming the variable and what it takes."""
    source = os.environ if environment is None else environment
    given = {field: value for field in _plain_fields() if (value := _value(field, source)) != ""}
    for field, value in given.items():
        try:
            _convert({field: value})
        except msgspec.ValidationError as error:
            reason = str(error).split(" - at ", maxsplit=1)[0]
            message = f"{variable_of(field)}={value!r} cannot be used: {reason}"
            raise SettingsWrong(message) from error
    settings = msgspec.structs.replace(_convert(given), upstreams=_upstreams(source))
    if settings.environment == "production" and not settings.base_url.startswith("https://"):
        message = "KRYPTOS_ENVIRONMENT=production needs KRYPTOS_PUBLIC_URL to be the https:// address of this server"
        raise SettingsWrong(message)
    return settings


def file_variable_of(field: str) -> str | None:
    """Return the variable that may name a file with the value of a secret: ``pepper`` → ``KRYPTOS_PEPPER_FILE``."""
    return f"{variable_of(field)}_FILE" if field in _SECRETS - {"upstreams"} else None


def _value(field: str, source: Mapping[str, str]) -> str:
    """Return what a variable says, or what the file says that stands for it; an empty one says nothing."""
    value, variable = source.get(variable_of(field), ""), file_variable_of(field)
    path = source.get(variable, "") if variable is not None else ""
    if not path:
        return value
    if value:
        raise SettingsWrong(f"{variable_of(field)} and {variable} are both set: keep one of them")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"{variable}={path} cannot be read: {error}") from error


def _plain_fields() -> tuple[str, ...]:
    """Return the fields that have one variable each."""
    return tuple(field for field in Settings.__struct_fields__ if field != "upstreams")


def _upstreams(source: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in source.items() if _is_upstream(name) and value.strip()}


def _is_upstream(variable: str) -> bool:
    return any(variable.startswith(prefix) and variable != prefix for prefix in UPSTREAM_VARIABLES)


def _convert(given: Mapping[str, str]) -> Settings:
    return msgspec.convert(given, Settings, strict=False, dec_hook=lambda kind, value: kind(value))


def unknown_variables(environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the ``KRYPTOS_*`` variables that no setting reads: most likely misspelt."""
    source = os.environ if environment is None else environment
    known = {variable_of(field) for field in _plain_fields()}
    known |= {variable for field in _plain_fields() if (variable := file_variable_of(field))}
    return sorted(
        name for name in source if name.startswith(PREFIX) and name not in known and not _is_upstream(name)
    )


def hand_down(**fields: str) -> None:
    """Set settings in this process's environment, for the processes that it starts: ``database_url="postgresql://…"``."""
    for field, value in fields.items():
        os.environ[variable_of(field)] = value


def foreign_environment(**variables: str) -> dict[str, str]:
    """Return the environment for a program that is not ours: ``variables``, and no setting, which may be a secret."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**own, **variables}


def count_together(directory: Path) -> None:
    """Let this process and those it starts count in one directory: prometheus_client's variable, read at import."""
    os.environ[_COUNTED_TOGETHER] = str(directory)


def counted_together() -> Path | None:
    """Return the directory in which the processes of this server count together, None where each is for itself."""
    directory = os.environ.get(_COUNTED_TOGETHER)
    return Path(directory) if directory else None


def let_look_up_names(*, at_once: int) -> None:
    """Let the event loop of the processes that this one starts look up so many names at once: libuv's own variable."""
    os.environ.setdefault("UV_THREADPOOL_SIZE", str(at_once))
