"""Signed statements: what this installation says for good, as a JWS that anybody can check without asking it."""

from kryptos.infra.statements.signing import (
    PURPOSE,
    StatementKeys,
    find_statement_keys,
    sign_statement,
    statement_file,
)

__all__ = ["PURPOSE", "StatementKeys", "find_statement_keys", "sign_statement", "statement_file"]
