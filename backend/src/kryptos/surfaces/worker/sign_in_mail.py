"""The mail that brings a code, in the person's language and in words of its own for each thing a code can do."""

import html
from functools import cache
from importlib import resources

import msgspec

from kryptos.domains.identity import CodeKind, IssuedCode
from kryptos.infra.mail import Mail

FALLBACK_LANGUAGE = "en"


class Matter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences about one kind of code; ``{code}`` and ``{app_name}`` stand for the facts."""

    subject: str
    asked: str
    ignore: str


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences of one language."""

    greeting: str
    validity: str
    connect: Matter
    account: Matter
    address: Matter
    erasure: Matter

    def of(self, kind: CodeKind) -> Matter:
        """Return the sentences about a kind of code."""
        matter: Matter = getattr(self, kind.value)
        return matter


@cache
def load_texts() -> dict[str, Texts]:
    """Return the sentences of every language."""
    file = resources.files(__package__).joinpath("mail_texts.json")
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Texts])


def sign_in_mail(issued: IssuedCode) -> Mail:
    """Return the mail for a code. The app's name is its owner's text: one line of it, and no markup."""
    languages = load_texts()
    language = issued.language if issued.language in languages else FALLBACK_LANGUAGE
    texts = languages[language]
    matter = texts.of(issued.kind)
    facts = {"code": issued.code, "app_name": " ".join(issued.app_name.split())}

    def say(sentence: str) -> str:
        return sentence.format_map(facts)

    def show(sentence: str) -> str:
        return html.escape(say(sentence))

    lines = [texts.greeting, say(matter.asked), f"    {issued.code}", texts.validity, matter.ignore]
    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>'
        '<body style="font-family: sans-serif; font-size: 16px; line-height: 1.5; color: #1a1a1a">'
        f"<p>{show(texts.greeting)}</p><p>{show(matter.asked)}</p>"
        f'<p style="font-size: 32px; letter-spacing: 4px; font-weight: bold">{issued.code}</p>'
        f"<p>{show(texts.validity)}</p><p>{show(matter.ignore)}</p></body></html>"
    )
    return Mail(to=issued.email, subject=say(matter.subject), text="\n\n".join(lines) + "\n", html=page)
