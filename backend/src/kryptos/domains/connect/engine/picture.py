"""What kind of picture some bytes are, told by the bytes themselves; what is none of the five kinds is no picture."""

import re
from xml.parsers import expat

from kryptos.kernel.errors import Kind, KryptosError

_SVG = "http://www.w3.org/2000/svg"
_MAGIC: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),  # PNG, section 5.2
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),  # RFC 9649, section 2.4
)
_ACTIVE = frozenset({"script", "foreignObject", "iframe", "handler", "listener"})


class NotAPicture(KryptosError):
    """The bytes are no picture that may be shown."""

    code = "NOT_A_PICTURE"
    kind = Kind.INVALID
    default_message = "The file is no PNG, JPEG, WebP, GIF or SVG picture."


def media_type_of(content: bytes) -> str:
    """Return the media type of a picture; raise ``NotAPicture``.

    An SVG is one by its root element; it declares no document type or entity and holds nothing that acts.
    """
    for magic, media_type in _MAGIC:
        if magic.match(content):
            return media_type
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise NotAPicture
    _check_svg(content)
    return "image/svg+xml"


def _check_svg(content: bytes) -> None:
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    is_root = True

    def refuse(*_: object) -> None:
        raise NotAPicture(
            "The SVG declares a document type or an entity, or leads to a style sheet: remove it."
        )

    def begin(name: str, _attributes: object) -> None:
        nonlocal is_root
        space, _, local = name.rpartition(" ")
        if is_root and (space, local) != (_SVG, "svg"):
            raise NotAPicture("The file is XML, but no SVG picture: its root is not `svg`.")
        if local in _ACTIVE:
            raise NotAPicture(f"The SVG holds a `{local}` element: remove it.")
        is_root = False

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    parser.StartElementHandler = begin
    try:
        parser.Parse(content, True)  # noqa: FBT003  # expat's own signature
    except (expat.ExpatError, ValueError) as error:
        raise NotAPicture("The file begins like an SVG, but is not well-formed XML.") from error
