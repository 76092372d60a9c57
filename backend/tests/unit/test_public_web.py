"""Fetching what a stranger names: only from the public internet, at the address that was checked, and not too much."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kryptos.infra.http_client.errors import AnswerTooLarge, AnswerTooLate, CouldNotLook
from kryptos.infra.http_client.public_web import AddressRefused, PublicWeb, is_public

PUBLIC = "93.184.216.34"
PUBLIC_6 = "2606:2800:220:1::1"
URL = "https://app.example.com/logo.png"
Handler = Callable[[httpx.Request], httpx.Response]


class Web:
    """A web of names and one server behind all of them; notes what was asked."""

    def __init__(self, handler: Handler | None = None, names: Mapping[str, list[str]] | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self.resolved: list[tuple[str, int]] = []
        self._handler = handler or (lambda _: httpx.Response(200, content=b"picture"))
        self._names = names or {"app.example.com": [PUBLIC]}
        self.web = PublicWeb(resolve=self._resolve, transport=httpx.MockTransport(self._answer))

    async def _resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append((host, port))
        if host not in self._names:
            raise OSError("no such name")
        return self._names[host]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._handler(request)

    async def fetch(self, url: str = URL, *origins: str, limit_bytes: int = 1000) -> bytes:
        return await self.web.fetch(url, limit_bytes=limit_bytes, timeout_seconds=4, loopback_origins=origins)


async def test_the_checked_address_is_asked_under_its_name() -> None:
    for addresses, asked in (([PUBLIC], PUBLIC), ([PUBLIC_6, PUBLIC], f"[{PUBLIC_6}]")):
        web = Web(names={"app.example.com": addresses})
        assert await web.fetch() == b"picture"
        (request,) = web.requests
        assert str(request.url) == f"https://{asked}/logo.png"
        assert request.headers["host"] == "app.example.com"
        assert request.extensions["sni_hostname"] == "app.example.com"
        assert web.resolved == [("app.example.com", 443)], (
            "once: a name that changes its mind changes nothing"
        )


async def test_a_name_of_another_alphabet_has_one_spelling() -> None:
    web = Web(names={"xn--strae-oqa.example": [PUBLIC]})
    assert await web.fetch("https://straße.example/logo.png") == b"picture"
    (request,) = web.requests
    assert request.headers["host"] == request.extensions["sni_hostname"] == "xn--strae-oqa.example"


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "2001:20::1",
    "::7f00:1", "4000::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
async def test_no_address_of_a_network_of_our_own_is_asked(address: str) -> None:
    assert not is_public(ip_address(address))
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        web = Web(names={"app.example.com": addresses})
        with pytest.raises(AddressRefused) as caught:
            await web.fetch()
        assert web.requests == []
        assert address not in caught.value.message, "what a name leads to inside is nobody's business"


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6, "8.8.8.8", "1.1.1.1"])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "logo.png", "//app.example.com/x", "ftp://app.example.com/x", "file:///etc/passwd", "data:image/png,x",
        "javascript:alert(1)", "http://app.example.com/x", "https://app.example.com:8443/x",
        "https://app.example.com:80/x", "https://user@app.example.com/x", "https://user:pass@app.example.com/x",
        "https:///x", "https://", "https://app.example.com:port/x", "https://[::1/x", "https://\x00/",
        "https://app.example.com/" + "a" * 2048, "https://\ud800/",
    ],
)  # fmt: skip
async def test_addresses_that_are_not_asked(url: str) -> None:
    web = Web()
    with pytest.raises(AddressRefused):
        await web.fetch(url)
    assert web.requests == []
    assert web.resolved == []


async def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(CouldNotLook, match=r"nowhere\.example could not be found"):
        await Web().fetch("https://nowhere.example/logo.png")
    with pytest.raises(AddressRefused):
        await Web(names={"app.example.com": []}).fetch()


def leads_to(*locations: str) -> Handler:
    left = list(locations)
    return lambda _: (
        httpx.Response(302, headers={"location": left.pop(0)})
        if left
        else httpx.Response(200, content=b"end")
    )


async def test_two_redirects_are_followed_and_each_is_checked() -> None:
    names = {"app.example.com": [PUBLIC], "cdn.example.com": [PUBLIC_6], "in.example.com": ["10.0.0.1"]}
    web = Web(leads_to("/other.png", "https://cdn.example.com/x.png"), names)
    assert await web.fetch() == b"end"
    assert [request.headers["host"] for request in web.requests] == [
        "app.example.com", "app.example.com", "cdn.example.com",
    ]  # fmt: skip
    assert str(web.requests[2].url) == f"https://[{PUBLIC_6}]/x.png"
    for location in (
        "http://app.example.com/x", "https://in.example.com/x", "https://app.example.com:8443/x", "file:///etc/passwd",
        "https://169.254.169.254/latest", "//user@cdn.example.com/x", "/" + "a" * 2048,
    ):  # fmt: skip
        web = Web(leads_to(location), {**names, "169.254.169.254": ["169.254.169.254"]})
        with pytest.raises(AddressRefused):
            await web.fetch()
        assert len(web.requests) == 1
    with pytest.raises(CouldNotLook):
        await Web(leads_to("https://app.example.com:port/x")).fetch()
    with pytest.raises(AddressRefused, match="more than 2 times"):
        await Web(leads_to("/a", "/b", "/c")).fetch()


LOCAL = {
    "public.example": [PUBLIC],
    "localhost": ["127.0.0.1", "::1"],
    "app.example.com": ["127.0.0.1"],
    "intern.example": ["10.0.0.1"],
}


async def test_a_developers_own_machine_may_be_asked() -> None:
    web = Web(names=LOCAL)
    assert await web.fetch("http://localhost:4500/logo.png", "http://localhost:4500") == b"picture"
    assert str(web.requests[0].url) == "http://127.0.0.1:4500/logo.png"
    for url, origin in (
        ("http://localhost:4501/logo.png", "http://localhost:4500"),
        ("http://localhost/logo.png", "http://localhost:4500"),
        ("https://localhost:4500/logo.png", "http://localhost:4500"),
        ("http://intern.example:80/x", "http://intern.example"),
        ("https://public.example:8443/x", "https://public.example:8443"),
        ("http://app.example.com:9/x", "http://localhost:4500"),
    ):
        web = Web(names=LOCAL)
        with pytest.raises(AddressRefused):
            await web.fetch(url, origin)
        assert web.requests == []
    web = Web(leads_to("http://localhost:4501/x"), LOCAL)
    with pytest.raises(AddressRefused):
        await web.fetch("http://localhost:4500/logo.png", "http://localhost:4500")


async def test_no_more_is_read_than_is_wanted() -> None:
    sent = 0

    async def endless() -> object:
        nonlocal sent
        while True:
            sent += 1
            yield bytes(100)

    assert await Web(lambda _: httpx.Response(200, content=bytes(1000))).fetch() == bytes(1000)
    with pytest.raises(AnswerTooLarge):
        await Web(lambda _: httpx.Response(200, content=endless())).fetch()  # type: ignore[arg-type]
    assert sent == 11


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 404, 500, 302])
async def test_only_a_whole_file_counts(status: int) -> None:
    with pytest.raises(CouldNotLook, match=f"HTTP {status}"):
        await Web(lambda _: httpx.Response(status)).fetch()


async def test_nothing_is_unpacked() -> None:
    packed = {"content-encoding": "gzip"}
    with pytest.raises(CouldNotLook, match="packed"):
        await Web(lambda _: httpx.Response(200, headers=packed, stream=httpx.ByteStream(b"x"))).fetch()


@asynccontextmanager
async def secure_server(name: str, folder: Path) -> AsyncIterator[tuple[int, httpx.AsyncBaseTransport]]:
    """Serve one file over TLS on this machine, certified for a name; give the port, and a way that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(
        issuer_name=subject,
        subject_name=subject,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=datetime(2020, 1, 1, tzinfo=UTC),
        not_valid_after=datetime(2100, 1, 1, tzinfo=UTC),
    )
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    certificate = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    file = folder / "server.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        host = asked.lower().partition(b"host: ")[2].split(b"\r\n")[0]
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(host), host))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    trusting = ssl.create_default_context(cadata=certificate.decode())
    async with server:
        yield server.sockets[0].getsockname()[1], httpx.AsyncHTTPTransport(verify=trusting)


async def test_the_certificate_is_that_of_the_name_not_of_the_address(tmp_path: Path) -> None:
    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    for certified in ("app.example.com", "evil.example"):
        async with secure_server(certified, tmp_path) as (port, transport):
            origin = f"https://app.example.com:{port}"
            fetched = PublicWeb(resolve=here, transport=transport).fetch(
                f"{origin}/logo.png", limit_bytes=100, timeout_seconds=10, loopback_origins=[origin]
            )
            if certified == "app.example.com":
                assert await fetched == f"app.example.com:{port}".encode()
            else:
                with pytest.raises(CouldNotLook, match="ConnectError"):
                    await fetched


async def test_a_server_that_is_slow_or_away() -> None:
    async def hang(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    with pytest.raises(AnswerTooLate):
        await PublicWeb(resolve=hang).fetch(URL, limit_bytes=10, timeout_seconds=0.01)

    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("to 93.184.216.34 with a secret path")

    with pytest.raises(CouldNotLook) as caught:
        await Web(broken).fetch()
    assert "secret" not in caught.value.message
