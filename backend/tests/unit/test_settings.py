"""Settings: each wrong value names its variable, nothing secret has a default, misspelt variables are found."""

from pathlib import Path

import pytest
from rich.pretty import pretty_repr

from kryptos.infra.settings import (
    UPSTREAM_VARIABLES,
    Settings,
    SettingsWrong,
    load_settings,
    unknown_variables,
    variable_of,
)
from kryptos.surfaces.cli import findings

WRONG = {
    "KRYPTOS_DATABASE_POOL": ["0", "-1", "1001", "ten", "1.5", " "],
    "KRYPTOS_DATABASE_READERS": ["0", "x"],
    "KRYPTOS_ENVIRONMENT": ["staging", "Production", "prod"],
    "KRYPTOS_PORT": ["0", "65536", "http", "-1", "4400.5"],
    "KRYPTOS_WEB_PROCESSES": ["0", "auto"],
    "KRYPTOS_SIGNUP": ["yes", "OPEN"],
    "KRYPTOS_PRIVACY_URL": ["javascript:alert(1)", "example.com/privacy", "https://example.com/a b"],
    "KRYPTOS_TERMS_URL": ["data:text/html,x", "/terms"],
    "KRYPTOS_WALLETCONNECT_PROJECT_ID": ["a b", "x" * 65, "id;img-src *"],
    "KRYPTOS_WALLETCONNECT_RELAY_URL": [
        "https://relay.example.com",
        "ws://relay.example.com",
        "wss://relay.example.com/path",
        "wss://relay.example.com; script-src *",
        "wss://relay.example.com\n",
        "off",
    ],
    "KRYPTOS_MAILBOX": ["maybe", "2"],
    "KRYPTOS_LOG_LEVEL": ["verbose", "INFO"],
    "KRYPTOS_BODY_LIMIT_BYTES": ["1023", "100000001", "1MB"],
    "KRYPTOS_RATE_LIMIT_FACTOR": ["0", "-5", "none"],
    "KRYPTOS_SYNC_EVERY_MINUTES": ["0", "44641", "6h"],
    "KRYPTOS_WORKER_CONCURRENCY": ["0", "1001", "all"],
}


@pytest.mark.parametrize(
    ("variable", "value"), [(variable, value) for variable, values in WRONG.items() for value in values]
)
def test_a_wrong_value_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(SettingsWrong, match=variable):
        load_settings({variable: value})


def test_only_the_wrong_one_of_many_is_named() -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load_settings({"KRYPTOS_PORT": "4400", "KRYPTOS_SIGNUP": "never", "KRYPTOS_PEPPER": "1:secret"})
    assert "KRYPTOS_SIGNUP" in wrong.value.message
    assert "KRYPTOS_PORT" not in wrong.value.message
    assert "secret" not in wrong.value.message


def test_every_setting_can_be_given() -> None:
    given = {
        "KRYPTOS_DATA_DIR": "/srv/kryptos",
        "KRYPTOS_DATABASE_URL": "postgresql://localhost/kryptos",
        "KRYPTOS_DATABASE_POOL": "20",
        "KRYPTOS_ENVIRONMENT": "production",
        "KRYPTOS_PUBLIC_URL": "https://connect.example.com/",
        "KRYPTOS_PORT": "8080",
        "KRYPTOS_MAILBOX": "true",
        "KRYPTOS_SIGNUP": "invite",
    }
    settings = load_settings(given)
    assert (settings.data_dir, settings.database_pool) == (Path("/srv/kryptos"), 20)
    assert settings.base_url == "https://connect.example.com"
    assert (settings.mailbox, settings.signup) == (True, "invite")


def test_an_empty_variable_is_as_good_as_none() -> None:
    fields = {variable_of(field): "" for field in Settings.__struct_fields__}
    assert load_settings(fields) == load_settings({}) == Settings()


def test_production_needs_an_https_address() -> None:
    for public_url in ("", "http://connect.example.com"):
        with pytest.raises(SettingsWrong, match="KRYPTOS_PUBLIC_URL"):
            load_settings({"KRYPTOS_ENVIRONMENT": "production", "KRYPTOS_PUBLIC_URL": public_url})


def test_no_secret_has_a_default() -> None:
    settings = Settings()
    assert (settings.pepper, settings.smtp_url, settings.metrics_token, settings.database_url) == (None,) * 4
    assert settings.etherscan_key is None
    assert settings.upstreams == {}


def test_no_secret_is_shown() -> None:
    given = {
        "KRYPTOS_DATABASE_URL": "postgresql://kryptos:s3cret@localhost/kryptos",
        "KRYPTOS_SMTP_URL": "smtp://kryptos:s3cret@localhost",
        "KRYPTOS_PEPPER": "1:s3cret",
        "KRYPTOS_METRICS_TOKEN": "s3cret",
        "KRYPTOS_ETHERSCAN_KEY": "s3cret",
        "KRYPTOS_ETHERSCAN_URL": "https://proxy.example/s3cret",
        "KRYPTOS_RPC_ETHEREUM": "https://node.example/s3cret",
    }
    settings = load_settings(given)
    for text in (repr(settings), str(settings), pretty_repr(settings)):
        assert "s3cret" not in text
        assert "port=4400" in text


def test_variables_that_name_servers_are_kept_as_given() -> None:
    named = {f"{prefix}ETHEREUM": "https://node.example/k3y , none" for prefix in UPSTREAM_VARIABLES}
    given = {**named, "KRYPTOS_RPC_POLYGON": " ", "KRYPTOS_RPC_": "x", "KRYPTOS_UPSTREAMS": "x", "RPC_X": "x"}
    settings = load_settings(given)
    assert settings.upstreams == named
    assert unknown_variables(given) == ["KRYPTOS_RPC_", "KRYPTOS_UPSTREAMS"]


def test_the_doctor_tells_who_is_asked_about_chains() -> None:
    key = "k3y-that-nobody-may-see"
    given = {"KRYPTOS_RPC_ETHEREUM": f"https://node.example/{key}", "KRYPTOS_ESPLORA_BITCOIN": "none"}
    (finding,) = findings.examine_sources(load_settings({}))
    assert (finding.verdict.value, finding.text) == ("ok", "every chain is asked where the catalogue says")
    (finding,) = findings.examine_sources(load_settings(given))
    assert finding.verdict.value == "ok"
    assert finding.text.endswith("but for KRYPTOS_ESPLORA_BITCOIN, KRYPTOS_RPC_ETHEREUM")
    wrong = {**given, "KRYPTOS_RPC_ETHERIUM": key, "KRYPTOS_RPC_BASE": key, "KRYPTOS_ETHERSCAN_URL": key}
    found = list(findings.examine_sources(load_settings(wrong)))
    assert [finding.verdict.value for finding in found] == ["wrong"] * 3
    assert key not in repr(found)


@pytest.mark.parametrize(("is_built", "verdict"), [(True, "ok"), (False, "warning")])
@pytest.mark.parametrize(("folder", "place"), [("WIDGET_FOLDER", 0), ("ACCOUNT_FOLDER", 1)])
def test_the_doctor_tells_whether_the_pages_are_built(
    folder: str, place: int, is_built: bool, verdict: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, folder, tmp_path)
    if is_built:
        (tmp_path / "index.html").write_text("<!doctype html>")
    finding = list(findings.examine_pages(load_settings({})))[place]
    assert finding.verdict.value == verdict
    assert ("make widget" in finding.text) is not is_built


def test_misspelt_variables_are_found() -> None:
    given = {"KRYPTOS_PORTT": "1", "KRYPTOS_PORT": "1", "PATH": "/bin", "KRYPTOS_": "x"}
    assert unknown_variables(given) == ["KRYPTOS_", "KRYPTOS_PORTT"]


def test_the_address_of_the_server_is_that_of_its_port_unless_told() -> None:
    assert Settings(host="127.0.0.1", port=4401).base_url == "http://127.0.0.1:4401"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("of the file\n")
    named = {"KRYPTOS_METRICS_TOKEN_FILE": str(file)}
    assert load_settings(named).metrics_token == "of the file"
    assert unknown_variables(named) == []
    with pytest.raises(SettingsWrong, match="both set"):
        load_settings({**named, "KRYPTOS_METRICS_TOKEN": "of the variable"})
    file.write_text("")
    assert load_settings(named).metrics_token is None
    with pytest.raises(SettingsWrong, match=r"KRYPTOS_PEPPER_FILE=/none.*No such file"):
        load_settings({"KRYPTOS_PEPPER_FILE": "/none"})
    assert unknown_variables({"KRYPTOS_PORT_FILE": "/none"}) == ["KRYPTOS_PORT_FILE"]
