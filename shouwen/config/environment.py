"""Every setting that the environment may give: its name, kind, default and meaning.

docs/operating/settings.md is this list for operators; a test holds the two together.
"""

import os
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Variable:
    """One name in the environment; `default` is what holds when it is not set."""

    name: str
    meaning: str
    default: str | int | bool = ""


ADDRESS = (
    Variable("HOST", "Address to listen on; 0.0.0.0 for every one", "127.0.0.1"),
    Variable("PORT", "Port to listen on", 8000),
    Variable("PUBLIC_URL", "What people type; with https:// cookies become secure"),
    Variable("ALLOWED_HOSTS", "Names this site answers to, with commas; * for any", "*"),
    Variable("TRUSTED_PROXIES", "Addresses and networks of proxies that may say who the client is"),
)
PROCESSES = (
    Variable("WEB_PROCESSES", "Web processes of `shouwen up` and `shouwen web`", 1),
    Variable("WORKER_PROCESSES", "Worker processes of `shouwen up` and `shouwen worker`", 1),
    Variable("WORKER_CONCURRENCY", "Jobs at once in one worker process", 4),
    Variable("DB_POOL", "Most database connections of one process", 12),
    Variable("DRAIN_SECONDS", "How long /healthz says 503 before a stop accepts nothing more", 0),
)
STORES = (
    Variable("DATA_DIR", "Folder for everything this machine keeps; `data` beside the program"),
    Variable("DATABASE_URL", "A PostgreSQL 15+ of your own; the embedded one otherwise"),
    Variable("REDIS_URL", "Live screens and pace limits through Redis; PostgreSQL otherwise"),
    Variable("FILES_DIR", "Folder for files people send; DATA_DIR/files otherwise"),
    Variable("S3_BUCKET", "Files in this bucket of an S3-compatible store instead"),
    Variable("S3_ENDPOINT", "Address of that store; Amazon's otherwise"),
    Variable("S3_REGION", "Its region, where it has regions"),
    Variable("S3_ACCESS_KEY", "Who we are there"),
    Variable("S3_SECRET_KEY", "And the secret that proves it"),
    Variable("STATIC_ROOT", "Folder of built scripts and pictures; .build/static otherwise"),
)
SAFETY = (
    Variable("SECRET_KEY", "Signs sessions and links; the same on every machine"),
    Variable(
        "MAILROOM_ALLOW_PRIVATE", "Mail servers may lie in this server's own network", default=False
    ),
    Variable(
        "VIRUS_SCANNER", "A clamd that looks at files: host:port or the path of its socket; none"
    ),
    Variable(
        "VIRUS_SCANNER_AWAY", "While it does not answer: refuse files, or take them", "refuse"
    ),
    Variable("DEBUG", "For developers: details of errors on the page", default=False),
)
LIMITS = (
    Variable("FILE_SIZE_LIMIT", "Largest file people may send, in bytes", 20 * MIB),
    Variable("MAIL_SIZE_LIMIT", "Largest mail taken in, in bytes", 64 * MIB),
    Variable("VISITOR_LINES_A_MINUTE", "Lines one visitor may write in a minute", 60),
    Variable("VISITOR_FILES_A_MINUTE", "Files one visitor may send in a minute", 20),
    Variable("VISITORS_AN_HOUR", "New visitors one address may bring in an hour", 120),
    Variable("FORMS_AN_HOUR", "Forms and words customers of one address may send in an hour", 60),
)
KEEPING = (
    Variable("DISK_RESERVE_MB", "Free room under which nothing new is taken in, in MiB", 64),
    Variable("BACKUP_AT", "Hours for a backup such as 03:30,12:30, or off; 03:30 if embedded"),
    Variable("BACKUP_KEEP", "How many backups are kept in BACKUP_DIR; 0 for all", 7),
    Variable("BACKUP_DIR", "Folder for backups, best on another disk; DATA_DIR/backups otherwise"),
    Variable("LOG_FORMAT", "plain for people, json for programs", "plain"),
    Variable(
        "LOG_DIR", "Folder for a log file a day, beside standard output; DATA_DIR/log otherwise"
    ),
    Variable("LOG_KEEP_DAYS", "Days that log files are kept; 0 for ever", 30),
    Variable("LOG_REQUESTS", "Log every request, not only slow and broken ones", default=False),
    Variable("SIGN_IN_LOG_DAYS", "Days that ended sign-ins are kept; 0 for ever", 400),
    Variable("READ_LOG_DAYS", "Days that the log of revealed data is kept; 0 for ever", 1100),
    Variable("METRICS_TOKEN", "Who shows it as a bearer token may read /metrics from elsewhere"),
)
OTHER = (
    Variable("TIME_ZONE", "The clock on the wall", "Asia/Shanghai"),
    Variable("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR; INFO for our own lines otherwise"),
)
VARIABLES = (*ADDRESS, *PROCESSES, *STORES, *SAFETY, *LIMITS, *KEEPING, *OTHER)
_known = {one.name: one for one in VARIABLES}


def text(name: str) -> str:
    """What is given, or the default; given but empty is not given."""
    return os.environ.get(name) or str(_known[name].default)


def number(name: str) -> int:
    """The same as a whole number; whoever wrote something else is told which setting it is."""
    given = text(name)
    try:
        return int(given)
    except ValueError:
        raise SystemExit(f"{name} must be a whole number, not {given!r}.") from None


def flag(name: str) -> bool:
    """Whether it says 1, true, yes or on."""
    return text(name).lower() in {"1", "true", "yes", "on"}
