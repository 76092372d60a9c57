"""The machine that something was measured on."""

import os
import platform


def describe() -> str:
    """Return what it is, and how busy it has been in the last quarter of an hour, with whatever else it did too."""
    name = f"{os.cpu_count()} processors, {platform.system()}, Python {platform.python_version()}"
    return f"{name}, load average {os.getloadavg()[2]:.0f}"
