"""What stands in ``deploy`` keeps step with the code: commands, settings, ports, paths and metrics exist as written."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from kryptos.entrypoints import cli
from kryptos.infra.settings import Settings, file_variable_of, variable_of
from tests.architecture.source_tree import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
PROXY = (DEPLOY / "nginx" / "kryptos.conf").read_text(encoding="utf-8")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
ALERTS = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
DASHBOARD = json.loads((DEPLOY / "grafana" / "kryptos.json").read_text(encoding="utf-8"))
RUNBOOK = REPOSITORY / "docs" / "operations" / "alerts.md"

OURS = ("migrate", "web", "worker")
"""Services of the composition that run our image."""
VARIABLE = re.compile(r"\bKRYPTOS_[A-Z_]*[A-Z]\b")
DEFAULTS = Settings()


def expressions() -> Iterator[tuple[str, str]]:
    """Yield every expression of an alert or a panel, with where it stands."""
    for rule in ALERTS:
        yield f"alert {rule['alert']}", rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield f"panel {panel['title']}", target["expr"]


def test_settings_exist() -> None:
    fields = Settings.__struct_fields__
    known = {*map(variable_of, fields), *map(file_variable_of, fields)}
    named = {
        (path.relative_to(DEPLOY).as_posix(), variable)
        for path in DEPLOY.rglob("*")
        if path.is_file()
        for variable in VARIABLE.findall(path.read_text(encoding="utf-8"))
    }
    assert named
    assert {(where, variable) for where, variable in named if variable not in known} == set()


def is_command(words: list[str]) -> bool:
    command: Any = typer.main.get_command(cli.app)
    return bool(words) and words[0] in command.commands


def test_commands_exist() -> None:
    assert 'ENTRYPOINT ["kryptos"]' in DOCKERFILE
    [words] = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert is_command(json.loads(words))
    assert {name: is_command(COMPOSE["services"][name]["command"]) for name in OURS} == dict.fromkeys(
        OURS, True
    )
    for unit in UNITS:
        started = re.findall(
            r"^ExecStart(?:Pre)?=/opt/kryptos/bin/kryptos (.*)$", unit.read_text(), re.MULTILINE
        )
        assert started, unit.name
        assert all(is_command(line.split()) for line in started), unit.name


def test_nothing_secret_has_a_default() -> None:
    secrets = {name.upper() for name in COMPOSE["secrets"]}
    for name in OURS:
        for variable, value in COMPOSE["services"][name]["environment"].items():
            field = variable.removeprefix("KRYPTOS_").removesuffix("_FILE").lower()
            if file_variable_of(field) is not None:
                assert value == f"/run/secrets/{field}", (name, variable)
                assert field.upper() in secrets
        assert {each.upper() for each in COMPOSE["services"][name]["secrets"]} <= secrets
    assert all(each.keys() == {"file"} for each in COMPOSE["secrets"].values())
    for unit in UNITS:
        text = unit.read_text()
        loaded = set(re.findall(r"^LoadCredential=(\w+):", text, re.MULTILINE))
        assert set(re.findall(r"%d/(\w+)", text)) == loaded
        for variable, name in re.findall(r"(KRYPTOS_\w+_FILE)=%d/(\w+)", text):
            assert variable == file_variable_of(name)


def test_paths_exist() -> None:
    for name in OURS:
        build = COMPOSE["services"][name]["build"]
        assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
    for mount in COMPOSE["services"]["nginx"]["volumes"]:
        source = mount.split(":")[0]
        if source.startswith("./"):
            assert (DEPLOY / source).is_file()
    kept = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in re.findall(r"^COPY ([^-].*) \S+$", DOCKERFILE, re.MULTILINE):
        for source in line.split():
            assert (REPOSITORY / source).exists(), source
            assert any(each.startswith("!" + source.split("/kryptos")[0]) for each in kept), source
    scrape = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    assert all((DEPLOY / "prometheus" / each).is_file() for each in scrape["rule_files"])
    jobs = {job["job_name"] for job in scrape["scrape_configs"]}
    assert jobs == set(re.findall(r'up\{job="([^"]+)"', " ".join(rule["expr"] for rule in ALERTS)))


def test_ports_agree() -> None:
    assert f"EXPOSE {DEFAULTS.port}" in DOCKERFILE
    assert re.findall(r"^\s*server web:(\d+)", PROXY, re.MULTILINE) == [str(DEFAULTS.port)]
    worker = COMPOSE["services"]["worker"]
    port = worker["environment"]["KRYPTOS_WORKER_METRICS_PORT"]
    assert f"127.0.0.1:{port}/livez" in worker["healthcheck"]["test"][-1]
    scrape = (DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    assert f'"web:{DEFAULTS.port}"' in scrape
    assert f'"worker:{port}"' in scrape


def test_the_proxy_is_believed_about_callers() -> None:
    [config] = COMPOSE["networks"]["outside"]["ipam"]["config"]
    for name in OURS:
        assert COMPOSE["services"][name]["environment"]["KRYPTOS_TRUSTED_PROXIES"] == config["subnet"]
    assert COMPOSE["services"]["nginx"]["networks"] == ["outside"]
    assert "add_header" not in re.sub(r"#.*", "", PROXY)  # the pages' own headers are passed as they are


def test_every_alert_says_what_to_do() -> None:
    headings = re.findall(r"^## (Kryptos\w+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [rule["alert"] for rule in ALERTS]
    for rule in ALERTS:
        assert rule["labels"]["severity"] in {"page", "warn"}
        assert rule["annotations"]["summary"]


def test_dashboard_has_nothing_twice() -> None:
    titles = [panel["title"] for panel in DASHBOARD["panels"]]
    assert len(titles) == len(set(titles))
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(titles)


def is_valid_promql(expression: str, directory: Path) -> bool:
    """Let Prometheus's own tool look at an expression, where this machine has it."""
    promtool = shutil.which("promtool")
    if promtool is None:
        return True
    rules = {"groups": [{"name": "x", "rules": [{"record": "x", "expr": expression}]}]}
    path = directory / "rules.yml"
    path.write_text(yaml.safe_dump(rules))
    return (
        subprocess.run([promtool, "check", "rules", path], check=False, capture_output=True).returncode == 0
    )


def test_expressions_are_whole(tmp_path: Path) -> None:
    found = list(expressions())
    assert len(found) > len(ALERTS)
    for where, expression in found:
        plain = expression.replace("$__rate_interval", "5m")
        assert all(plain.count(left) == plain.count(right) for left, right in ("()", "[]", "{}")), where
        assert is_valid_promql(plain, tmp_path), where


def test_dockerfile_is_clean() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if sys.platform != "linux":
        return  # its program is installed on Linux alone
    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_hardened_and_whole(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in (
        "NoNewPrivileges=true",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
        "UMask=0077",
        "User=kryptos",
    ):
        assert f"\n{line}\n" in text, line
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    there = re.sub(r"(?<==)/opt/kryptos/bin/kryptos", "/bin/true", text)
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"^ReadWritePaths=.*$", "ReadWritePaths=/", there, flags=re.MULTILINE))
    done = subprocess.run([analyze, "verify", copy], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert unit.name not in done.stderr, done.stderr
