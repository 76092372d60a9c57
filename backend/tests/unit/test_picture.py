"""Pictures are known by their bytes; an SVG is one by its root, and holds nothing that acts."""

import pytest

from kryptos.domains.connect.engine.picture import NotAPicture, media_type_of

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>'
PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "image/jpeg": b"\xff\xd8\xff\xe0" + bytes(20),
    "image/gif": b"GIF89a" + bytes(20),
    "image/webp": b"RIFF\x0a\x00\x00\x00WEBPVP8 ",
    "image/svg+xml": SVG,
}


@pytest.mark.parametrize(("media_type", "content"), PICTURES.items())
def test_the_five_kinds(media_type: str, content: bytes) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- ours -->' + SVG,
        b"\xef\xbb\xbf" + SVG,
        b"\n  " + SVG,
        SVG.replace(b"<svg xmlns=", b"<s:svg xmlns:s=").replace(b"</svg", b"</s:svg"),
        SVG.replace(b"<rect", b"<style>rect { fill: red }</style><rect"),
    ],
)
def test_spellings_of_an_svg(content: bytes) -> None:
    assert media_type_of(content) == "image/svg+xml"


REFUSED = {
    "nothing": b"",
    "text": b"Hello",
    "HTML": b"<!doctype html><html><body>Hello</body></html>",
    "HTML without doctype": b"<html><script>alert(1)</script></html>",
    "XML": b"<feed/>",
    "an svg of no namespace": b"<svg/>",
    "an svg inside": b"<html>" + SVG + b"</html>",
    "a document type": b'<!DOCTYPE svg SYSTEM "https://evil.example/x.dtd">' + SVG,
    "an entity": b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    "a style sheet": b'<?xml-stylesheet href="https://evil.example/x.css"?>' + SVG,
    "a script": SVG.replace(b"<rect", b"<script>alert(1)</script><rect"),
    "a script of another space": SVG.replace(
        b"<rect", b'<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script><rect'
    ),
    "a foreign object": SVG.replace(b"<rect", b"<foreignObject/><rect"),
    "half an SVG": SVG[:-3],
    "something behind": SVG + SVG,
    "UTF-16": SVG.decode().encode("utf-16"),
    "a broken letter": SVG.replace(b"<rect", b"\xff<rect"),
    "half a PNG": b"\x89PNG",
    "a sound": b"RIFF\x0a\x00\x00\x00WAVEfmt ",
    "a PDF": b"%PDF-1.7",
    "an icon": b"\x00\x00\x01\x00",
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=list(REFUSED))
def test_everything_else_is_no_picture(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        media_type_of(content)
