"""Mode: whether something is real, or of the sandbox's synthetic world. The two never meet."""

from enum import StrEnum


class Mode(StrEnum):
    """Sandbox clients reach only the test addresses and test accounts; production clients reach everything."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"
