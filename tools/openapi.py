"""The description of the API in docs/openapi.json: `python -m tools.openapi write | check`.

Committed, so that a change of the API is seen in review.
"""

import difflib
import json
import sys
from importlib import import_module
from itertools import islice
from pathlib import Path

import django
from ninja.responses import NinjaJSONEncoder

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = ROOT / "docs" / "openapi.json"
SITE = ROOT / "shouwen" / "api" / "site.py"


def described() -> str:
    """The description as the code gives it now."""
    django.setup()
    import_module("shouwen.config.urls")
    api = import_module("shouwen.api.site").api
    schema = api.get_openapi_schema()
    return json.dumps(schema, cls=NinjaJSONEncoder, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the description, or fail if the committed one differs."""
    if not SITE.exists():
        sys.stdout.write("There is no API yet.\n")
        return 0
    current = described()
    if sys.argv[1:] == ["write"]:
        COMMITTED.write_text(current, encoding="utf-8")
        return 0
    committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
    if committed == current:
        return 0
    changes = difflib.unified_diff(committed.splitlines(), current.splitlines(), lineterm="", n=1)
    sys.stdout.writelines(f"{line}\n" for line in islice(changes, 40))
    sys.stdout.write(
        "docs/openapi.json is not what the code says: run `make fix`, read the diff.\n"
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
