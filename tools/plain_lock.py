"""Takes the addresses out of frontend/package-lock.json: `python -m tools.plain_lock`.

npm copies where packages come from and where their authors ask for money; neither is needed to
install, since each package has its integrity hash.
"""

import json
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "frontend" / "package-lock.json"
ADDRESSES = ("resolved", "funding", "deprecated")


def main() -> None:
    """The lock file names no host."""
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        for name in ADDRESSES:
            package.pop(name, None)
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
