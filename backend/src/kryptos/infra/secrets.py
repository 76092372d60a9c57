"""Secrets of the installation: given by the operator or generated into the data directory with mode 0600."""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kryptos.infra.settings import Settings, SettingsWrong

_KEY_BYTES = 32
_FINGERPRINT = b"kryptos: which key is this"  # no token: those have a prefix and an underscore
_DRAFT = re.compile(r".*\.\d+")


class TokenHasher:
    """HMAC-SHA256 of tokens under a pepper, so that a stolen database holds nothing that opens an account.

    The first key makes new hashes; older keys still recognise what they made until it is gone.
    """

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = list(keys.values())
        self._ids = list(keys)
        self.key_id = next(iter(keys))

    def hash(self, token: str) -> bytes:
        """Return the 32-byte hash to store, made with the newest key."""
        return hmac.digest(self._keys[0], token.encode(), hashlib.sha256)

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for another use, made from the newest key: nothing more to back up (RFC 5869)."""
        return self.derive_each(purpose)[0]

    def derive_each(self, purpose: str) -> list[bytes]:
        """Return what ``derive`` gives with each key that is still known, newest first."""
        return [_derived(key, purpose) for key in self._keys]

    def candidates(self, token: str) -> list[bytes]:
        """Return the hashes under which a presented token may be stored, newest key first."""
        presented = token.encode("utf-8", "surrogatepass")
        return [hmac.digest(key, presented, hashlib.sha256) for key in self._keys]

    def fingerprints(self) -> dict[str, str]:
        """Return by id what tells each key from any other, and tells nothing of the key."""
        marks = (hmac.digest(key, _FINGERPRINT, hashlib.sha256).hex()[:16] for key in self._keys)
        return dict(zip(self._ids, marks, strict=True))


def load_token_hasher(settings: Settings) -> TokenHasher:
    """Return the hasher of this installation, generating its key on first start."""
    return _hasher_of(settings.pepper or _read_or_generate(_pepper_file(settings)))


def find_token_hasher(settings: Settings) -> TokenHasher | None:
    """Return the hasher of this installation, or None where no key was given or generated yet."""
    path = _pepper_file(settings)
    if settings.pepper is None and not path.exists():
        return None
    return _hasher_of(settings.pepper or path.read_text())


def generated_secrets(settings: Settings) -> dict[str, bytes]:
    """Return by name the secrets that this installation generated; never one that the operator gave."""
    directory = settings.data_dir / "secrets"
    paths = sorted(directory.iterdir()) if directory.is_dir() else []
    return {
        path.name: path.read_bytes()
        for path in paths
        if path.is_file()
        and not _DRAFT.fullmatch(path.name)
        and not (path.name == "pepper" and settings.pepper)
    }


def keep_secret(path: Path, content: bytes) -> bool:
    """Write a secret that only we can read, whole or not at all; False when one is there already, and stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails if another process was first: never two keys
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _pepper_file(settings: Settings) -> Path:
    return settings.data_dir / "secrets" / "pepper"


def _derived(key: bytes, purpose: str) -> bytes:
    info = f"kryptos {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(key)


def _hasher_of(text: str) -> TokenHasher:
    try:
        pairs = [entry.strip().split(":", maxsplit=1) for entry in text.strip().split(",")]
        keys = {key_id: bytes.fromhex(digits) for key_id, digits in pairs}
        has_twins = len(keys) < len(pairs)
    except ValueError as error:
        message = "KRYPTOS_PEPPER takes <id>:<64 hex digits>, comma-separated, newest first"
        raise SettingsWrong(message) from error
    if not all(len(key) == _KEY_BYTES for key in keys.values()):
        message = f"every key in KRYPTOS_PEPPER has {_KEY_BYTES * 2} hex digits"
        raise SettingsWrong(message)
    if has_twins:
        message = (
            "every key in KRYPTOS_PEPPER has an id of its own: with one id twice, tokens of one key would die"
        )
        raise SettingsWrong(message)
    return TokenHasher(keys)


def _read_or_generate(path: Path) -> str:
    """Return the file's text; the first process to come writes it, all others read what that one wrote."""
    if not path.exists():
        keep_secret(path, f"1:{secrets.token_hex(_KEY_BYTES)}\n".encode())
    return path.read_text()
