"""`shouwen doctor`: how everything is, in words; also while the database is away."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from shouwen.keeping.backup.taking import product_version
from shouwen.keeping.health import examined, grouped, verdict
from shouwen.keeping.terminal import speak
from shouwen.ui.cards import HealthRow

SIGNS = {"well": "✔", "near": "!", "ill": "✘", "unknown": "?"}
STATES = {"well": "ok", "near": "watch", "ill": "wrong", "unknown": "unknown"}
EXIT_CODES = {"well": 0, "unknown": 0, "near": 1, "ill": 2}


class Command(BaseCommand):
    """Say how everything is."""

    help = "Say in words how everything is. Exit code: 0 well, 1 something needs a look, 2 ill."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--json`."""
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, **options: Any) -> None:
        """Look, tell, and end with the exit code of the worst."""
        speak()
        rows = examined()
        if options["json"]:
            self.stdout.write(json.dumps(_as_data(rows), ensure_ascii=False, indent=1))
        else:
            self._tell(rows)
        raise SystemExit(max(EXIT_CODES[row.state] for row in rows))

    def _tell(self, rows: list[HealthRow]) -> None:
        now = timezone.localtime()
        self.stdout.write(f"首问 Shouwen {product_version()}  {settings.DATA_DIR}  {now:%F %T}")
        for group in grouped(rows):
            self.stdout.write(f"\n{group.label}")
            for row in group.rows:
                self.stdout.write(f"  {SIGNS[row.state]} {row.label}: {row.text}")
                if row.advice and row.state != "well":
                    self.stdout.write(f"      → {row.advice}")
        self.stdout.write(f"\n{verdict(rows)}")


def _as_data(rows: list[HealthRow]) -> dict[str, object]:
    worst = max(rows, key=lambda row: EXIT_CODES[row.state])
    return {
        "version": product_version(),
        "at": timezone.now().isoformat(),
        "state": STATES[worst.state],
        "rows": [
            {
                "group": row.group,
                "label": str(row.label),
                "state": STATES[row.state],
                "text": str(row.text),
                "advice": str(row.advice),
                "seen_at": row.seen_at.isoformat() if row.seen_at else None,
            }
            for row in rows
        ],
    }
