"""`shouwen prepare`: bring the database up to this version and install what every site needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from shouwen.core.slots import panels_in

# Two machines that start at once must not migrate at once.
LOCK = 7_041_992


class Command(BaseCommand):
    """Migrate, then run what the parts put into the slots `install`, on demand `install.demo`, `prepared`."""

    help = "Migrate and install defaults; --demo also builds the demo company if it is not there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """`--demo`."""
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        """The database fits this version; defaults are there; running it again changes nothing."""
        del args
        with alone():
            call_command("migrate", interactive=False, verbosity=0)
            for install in panels_in("install"):
                install()
            if options["demo"]:
                for install in panels_in("install.demo"):
                    install(self.stdout.write)
            for tell in panels_in("prepared"):
                tell(self.stdout.write)


@contextmanager
def alone() -> Iterator[None]:
    """No other machine prepares meanwhile; waiting for it, and migrating, take as long as they take."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
            cursor.execute("RESET statement_timeout")
