"""Finds servers that some tests put beside the product, or says in one line how to get them."""

import os
import shutil
from pathlib import Path

PLACES = os.pathsep.join(["/usr/sbin", "/usr/local/sbin", "/sbin", os.environ.get("PATH", "")])
HOW_TO_GET = {
    "redis-server": "apt install redis-server",
    "nginx": "apt install nginx-light",
    "ip": "apt install iproute2",
    "clamd": "apt install --no-install-recommends clamav-daemon",
    "postgresql-15": "apt install postgresql-15",
}


def find_program(name: str) -> Path | None:
    """The program, also where only administrators look; for postgresql-15 its folder of programs."""
    if name == "postgresql-15":
        folder = Path("/usr/lib/postgresql/15/bin")
        return folder if (folder / "postgres").exists() else None
    found = shutil.which(name, path=PLACES)
    return Path(found) if found else None


def what_is_missing(*names: str) -> str:
    """How to get those that are not there, in one line; empty if all are."""
    missing = [name for name in names if find_program(name) is None]
    ways = ", ".join(HOW_TO_GET[name] for name in missing)
    return f"{' and '.join(missing)} not found; on Debian and Ubuntu: {ways}" if missing else ""
