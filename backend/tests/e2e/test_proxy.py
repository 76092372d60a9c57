"""The sample of nginx in front of a real server: pages keep their headers, what is the operator's stays inside."""

import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kryptos.infra.postgres import Cluster
from tests.architecture.source_tree import REPOSITORY
from tests.support.installation import Installation, Web, durable_cluster, installed
from tests.support.ports import free_port
from tests.support.processes import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # several servers start and stop

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
SAMPLE = REPOSITORY / "deploy" / "nginx" / "kryptos.conf"
MAIN = """
user root; daemon off; pid {directory}/pid; error_log {directory}/error.log; worker_processes 1;
events {{}}
http {{
  client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy; fastcgi_temp_path {directory}/f;
  uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
  include {directory}/kryptos.conf;
}}
"""


def make_certificate(directory: Path) -> None:
    """Write a certificate of this machine's name and its key, as a certificate authority's client would."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (directory / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def configure(directory: Path, *, web: int, plain: int, secure: int) -> Path:
    """Write the sample with this machine's ports and certificate in the place of its own, and nothing else changed."""
    text = SAMPLE.read_text(encoding="utf-8").replace("web:4400", f"127.0.0.1:{web}")
    text = text.replace("/etc/nginx/tls", str(directory))
    text = re.sub(r"listen \[::\]:.*;", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;")
    (directory / "kryptos.conf").write_text(text)
    main = directory / "nginx.conf"
    main.write_text(MAIN.format(directory=directory))
    return main


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    with durable_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def installation(own_cluster: Cluster) -> Iterator[Installation]:
    with installed(own_cluster) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def web(installation: Installation) -> Web:
    return installation.serve(
        public_url="https://localhost", trusted_proxies="127.0.0.1", rate_limit_factor="1"
    )


@pytest.fixture(scope="module")
def proxied(web: Web) -> Iterator[httpx.Client]:
    """A client that trusts the certificate and speaks through nginx."""
    assert NGINX is not None
    directory = Path(tempfile.mkdtemp(prefix="kryptos-nginx-"))
    make_certificate(directory)
    plain, secure = free_port(), free_port()
    main = configure(directory, web=web.port, plain=plain, secure=secure)
    tried = subprocess.run([NGINX, "-t", "-c", main], check=False, capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen([NGINX, "-c", main], stderr=subprocess.DEVNULL)
    trust = ssl.create_default_context(cafile=str(directory / "fullchain.pem"))
    try:
        with httpx.Client(base_url=f"https://localhost:{secure}", verify=trust, timeout=30) as http:

            def answers() -> bool:
                try:
                    return http.get("/livez").status_code == 200
                except httpx.TransportError:
                    return False

            wait_until(answers, what="nginx passes calls on")
            http.headers["X-Plain-Port"] = str(plain)
            yield http
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(directory)


if NGINX is not None:  # elsewhere `make test` says how to install it

    def test_plain_http_is_sent_to_https(proxied: httpx.Client) -> None:
        reply = httpx.post(f"http://127.0.0.1:{proxied.headers['X-Plain-Port']}/token/exchange")
        assert reply.status_code == 308
        assert reply.headers["location"] == "https://127.0.0.1/token/exchange"

    @pytest.mark.parametrize(
        "path", ["/connect", "/connect/l/ls_x", "/account", "/docs", "/api/health", "/openapi.json"]
    )
    def test_headers_are_those_of_the_server(proxied: httpx.Client, web: Web, path: str) -> None:
        through, direct = proxied.get(path), httpx.get(web.base_url + path)
        assert through.status_code == direct.status_code
        own = {
            "server",
            "date",
            "connection",
            "x-request-id",
            "content-length",
            "transfer-encoding",
            "content-encoding",
        }
        ratelimits = {name for name in direct.headers if name.startswith("ratelimit")}
        changed = {
            name
            for name in (through.headers.keys() | direct.headers.keys()) - own - ratelimits
            if through.headers.get(name) != direct.headers.get(name)
            and "nonce" not in direct.headers.get(name, "")
        }
        assert not changed
        assert "x-request-id" in through.headers

    @pytest.mark.parametrize("path", ["/metrics", "/readyz", "/mailbox", "/mailbox/x"])
    def test_what_is_the_operators_stays_inside(proxied: httpx.Client, web: Web, path: str) -> None:
        assert proxied.get(path).status_code == 404
        if path != "/mailbox/x":
            assert httpx.get(web.base_url + path).status_code == 200

    def test_a_body_that_is_too_large_is_refused_in_the_servers_words(proxied: httpx.Client) -> None:
        headers = {"X-LINK-TOKEN": "link_x", "Content-Type": "application/json"}
        reply = proxied.post("/link-token/consent", content=b" " * 300_000, headers=headers)
        assert reply.status_code == 413
        assert reply.headers["content-type"].startswith("application/json")
        assert (
            proxied.post("/link-token/consent", content=b" " * 2_000_000, headers=headers).status_code == 413
        )

    def test_a_caller_cannot_lie_about_its_address(proxied: httpx.Client) -> None:
        """Failed authentications are counted per address: another claim in each call does not begin a new count."""
        statuses = [
            proxied.get(
                "/api/v1/userinfo",
                headers={"Authorization": "Bearer cat_wrong", "X-Forwarded-For": f"10.0.{number}.1"},
            ).status_code
            for number in range(70)
        ]
        assert set(statuses) == {401, 429}
        assert statuses[-1] == 429
