"""Finds the IMAP server for the mail tests: `python -m tools.dovecot` prints its path or says how to get one."""

import os
import shutil
import sys

PLACES = os.pathsep.join(["/usr/sbin", "/usr/local/sbin", os.environ.get("PATH", "")])
HOW_TO_GET_ONE = (
    "No Dovecot was found: the mail tests fetch from a real IMAP server. On Debian and Ubuntu: "
    "apt install dovecot-imapd; on macOS: brew install dovecot."
)


def find_dovecot() -> str | None:
    """The server's program, also where only administrators look."""
    return shutil.which("dovecot", path=PLACES)


def main() -> int:
    """Say in one line which server the tests will use, or how to get one."""
    found = find_dovecot()
    if found is None:
        sys.stderr.write(HOW_TO_GET_ONE + "\n")
        return 1
    sys.stdout.write(f"Mail tests will use {found}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
