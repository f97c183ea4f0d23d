"""`shouwen mail import PATH...`: mails from files go through the same door as those from a server."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shouwen.accounts.queries import system_staff
from shouwen.mailroom.carriers.email.message import ParsedMail, UnreadableMail, read_mail
from shouwen.mailroom.importing import FoundMail, count_files, mails_in
from shouwen.mailroom.judging import Facts, judge
from shouwen.mailroom.models import DropRule, Mailbox
from shouwen.mailroom.operations import Origin, TakenIn, take_in_mail, take_in_too_large

HEAD_BYTES = 65_536
PROGRESS_EVERY = 50


class Command(BaseCommand):
    """Take in .eml, .mbox and Maildir; a second run takes in only what is not there yet."""

    help = "Mail: import files."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        importer = verbs.add_parser("import", help="take in .eml, .mbox and Maildir files")
        importer.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        importer.add_argument("--mailbox", default="", help="address of the mailbox they belong to")
        importer.add_argument("--dry-run", action="store_true", help="read only; needs no database")
        importer.add_argument("--json", action="store_true", help="print one JSON object a mail")

    def handle(self, **options: Any) -> None:
        paths: list[Path] = options["paths"]
        found = mails_in(paths)
        if options["dry_run"]:
            counts = self._look(found, is_json=options["json"])
        else:
            counts = self._take_in(found, paths, options)
        words = ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))
        self.stderr.write(f"{sum(counts.values())} mails: {words or 'none'}")
        if not counts:
            raise CommandError("No mail was found there.")

    def _look(self, found: Any, *, is_json: bool) -> Counter[str]:
        counts: Counter[str] = Counter()
        for one in found:
            row = look_at(one)
            counts[row["status"]] += 1
            self._print(row, is_json=is_json)
        return counts

    def _take_in(self, found: Any, paths: list[Path], options: dict[str, Any]) -> Counter[str]:
        mailbox = _mailbox(options["mailbox"])
        total, counts = count_files(paths), Counter[str]()
        by = system_staff()
        for number, one in enumerate(found, start=1):
            if one.error:
                row = {"file": one.name, "status": "unreadable", "error": one.error}
            else:
                row = {"file": one.name, "status": _status(_enter(one, mailbox, by))}
            counts[row["status"]] += 1
            if options["json"]:
                self._print(row, is_json=True)
            elif number % PROGRESS_EVERY == 0:
                self._progress(number, total)
        return counts

    def _progress(self, number: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{number} / {max(number, total)}", ending="")

    def _print(self, row: dict[str, Any], *, is_json: bool) -> None:
        if is_json:
            text = json.dumps(row, ensure_ascii=False)
        else:
            text = f"{row['status']:<12}{row['file']}  {row.get('subject', '')}"
        self.stdout.write(text.encode("utf-8", "replace").decode())


def _mailbox(address: str) -> Mailbox | None:
    if not address:
        return None
    mailbox = Mailbox.objects.filter(address__iexact=address).first()
    if mailbox is None:
        raise CommandError(f"There is no mailbox with the address {address}.")
    return mailbox


def _enter(found: FoundMail, mailbox: Mailbox | None, by: Any) -> TakenIn:
    origin, limit = Origin(mailbox), settings.MAIL_SIZE_LIMIT
    if len(found.raw) > limit:
        head, size = found.raw[:HEAD_BYTES], len(found.raw)
        return take_in_too_large(head, size=size, limit=limit, origin=origin, by=by)
    return take_in_mail(found.raw, origin=origin, by=by)


def _status(taken: TakenIn) -> str:
    return taken.inbound.state if taken.is_new else "already there"


def look_at(found: FoundMail) -> dict[str, Any]:
    """What a mail says and what would become of it; whatever is wrong with it is said, not raised."""
    if found.error:
        return _row(found, "quarantined", error=found.error)
    if len(found.raw) > settings.MAIL_SIZE_LIMIT:
        mail = read_mail(found.raw[:HEAD_BYTES])
        return _row(found, "dropped", mail=mail, error=DropRule.Kind.TOO_LARGE.value)
    try:
        mail = read_mail(found.raw)
        verdict = judge(mail, Facts())
    except UnreadableMail as error:
        return _row(found, "quarantined", error=str(error))
    except Exception as error:  # noqa: BLE001 - one mail must not end the run
        return _row(found, "quarantined", error=f"{type(error).__name__}: {error}")
    return _row(found, "dropped" if verdict.rule else "handled", mail=mail, error=verdict.rule)


def _row(
    found: FoundMail, status: str, *, mail: ParsedMail | None = None, error: str = ""
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "file": found.name,
        "status": status,
        "subject": mail.subject if mail else "",
        "from": mail.from_address if mail else "",
        "from_name": mail.from_name if mail else "",
        "to": [one.address for one in mail.to] if mail else [],
        "date": mail.date.isoformat() if mail and mail.date else None,
        "message_id": mail.message_id if mail else "",
        "text": mail.text if mail else "",
        "html": mail.html if mail else "",
        "reply": mail.reply if mail else "",
        "attachments": [
            {"name": one.file_name, "type": one.content_type, "size": len(one.content)}
            for one in (mail.attachments if mail else [])
        ],
    }
    if error:
        row["reason"] = error
    return row
