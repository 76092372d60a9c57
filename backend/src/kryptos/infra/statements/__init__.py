"""Signed statements: what this installation says for good, as a JWS that anybody can check without asking it."""

from kryptos.infra.statements.keys import PublicKeys
from kryptos.infra.statements.signing import find_statement_keys, sign_statement, statement_file

__all__ = ["PublicKeys", "find_statement_keys", "sign_statement", "statement_file"]
