"""The command line: `shouwen up` serves everything; any other word is a management command.

This module and the supervisor stay free of Django, so that the parent process is small.
"""

import os
import sys
from pathlib import Path

from shouwen.config import environment
from shouwen.config.arguments import SERVING, parser, plan
from shouwen.config.parents import restart
from shouwen.config.supervisor import Supervisor
from shouwen.core.database import DatabaseUnavailable, EmbeddedPostgres

USAGE = """\
shouwen up [--demo]            serve web, worker and (unless DATABASE_URL is set) PostgreSQL
shouwen web [--workers N]      serve web only: one of several machines, or beside a worker
shouwen worker [--concurrency N]  jobs, timers and mail only
shouwen restart [up|web|worker]   replace the processes that run here, one after the other
shouwen setup-code             the code that the first-run page asks for
shouwen prepare [--demo]       migrate the database and install defaults; up, web and worker do it too
shouwen mail import PATH...    take in .eml, .mbox and Maildir (--dry-run --json to look only)
shouwen backup [--to DIR]      database, files and key into one folder (--check FROM reads one through)
shouwen restore FROM [--into DATA_DIR|DATABASE_URL]
shouwen move-database URL      from the embedded PostgreSQL to a server; stop the system first
shouwen upgrade [--rehearse]   back up and migrate; or try it on a copy and count rows
shouwen doctor [--json]        say in words how everything is, also while the database is away
shouwen COMMAND ...            any management command; `shouwen help` lists them

Settings come from the environment: docs/operating/settings.md lists them.
`shouwen up --help`, `shouwen web --help` and so on tell more.
"""
# Commands that need no database.
WITHOUT_DATABASE = {"help", "collectstatic", "makemigrations", "check", "export_openapi_schema",
                    "restore", "doctor"}  # fmt: skip
LOOKING = {"--dry-run", "--check"}


def data_dir() -> Path:
    """The folder that holds everything this installation keeps."""
    default = Path(__file__).resolve().parent.parent.parent / "data"
    return Path(environment.text("DATA_DIR") or default).resolve()


def main() -> None:
    """Entry point of the `shouwen` program."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.config.settings")
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stdout.write(USAGE)
        return
    try:
        if arguments[0] in SERVING:
            sys.exit(Supervisor(data_dir(), plan(parser().parse_args(arguments))).run())
        if arguments[0] == "restart":
            sys.stdout.write(restart(data_dir(), parser().parse_args(arguments).role) + "\n")
            return
        _manage(arguments)
    except DatabaseUnavailable as error:
        sys.exit(str(error))


def _manage(arguments: list[str]) -> None:
    # Django is heavy: only commands that need it import it.
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    database = _database_for(arguments)
    # Commands are written with hyphens, the modules behind them cannot be.
    command, *others = arguments
    command = command if command.startswith("-") else command.replace("-", "_")
    try:
        execute_from_command_line(["shouwen", command, *others])
    finally:
        if database:
            database.stop()


def _database_for(arguments: list[str]) -> EmbeddedPostgres | None:
    """The embedded server, started for this command if none runs and one is needed."""
    looks_only = not LOOKING.isdisjoint(arguments)
    if environment.text("DATABASE_URL") or arguments[0] in WITHOUT_DATABASE or looks_only:
        return None
    if os.environ.get("WAIT_FD"):
        # The parent keeps the database; two servers on one folder would be one too many.
        return None
    database = EmbeddedPostgres(data_dir())
    if database.answers():
        return None
    data_dir().mkdir(parents=True, exist_ok=True)
    database.start()
    return database


if __name__ == "__main__":
    main()
