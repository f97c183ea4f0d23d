"""What should not be committed: large files and private keys. Used by pre-commit on the files it is given."""

import re
import sys
from pathlib import Path

LARGEST_BYTES = 600_000
SECRET = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    rb"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    rb"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    rb"|://[^/\s:@\"'{}]+:[^/\s:@\"'{}]{6,}@(?!localhost|127\.0\.0\.1|example)"
)


def mistakes_in(content: bytes) -> list[str]:
    """Why a file with this content should stay out."""
    found = []
    if len(content) > LARGEST_BYTES:
        found.append(f"{len(content):,} bytes; {LARGEST_BYTES:,} at most")
    if SECRET.search(content):
        found.append("looks like a secret")
    return found


def main() -> int:
    """Name the files that should stay out."""
    faults = [
        f"{name}: {fault}"
        for name in sys.argv[1:]
        for fault in mistakes_in(Path(name).read_bytes())
    ]
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
