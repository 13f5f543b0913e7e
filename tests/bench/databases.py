"""Databases to try things on: copies of a template, and Odoo started on them."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
NATIVE = ROOT / "docker/native"
RUN = ROOT / ".run"
ADDON = "cr_dealership"
BASE_TEMPLATE = "cr_base_template"
# Folders with addons of others, of which only this process and what it starts know.
_FOREIGN = []


def copy(source, name):
    """Make a database that holds what another one holds, attachments included."""
    subprocess.run([NATIVE / "copy", source, name], check=True)


def copy_template(name):
    """Make a database in which the addons of this checkout are installed."""
    subprocess.run([NATIVE / "template", name], check=True, stdout=sys.stderr)


def drop(name):
    """Remove a database, its attachments and its settings."""
    subprocess.run(["dropdb", "--if-exists", "--force", name], check=True)
    subprocess.run(["rm", "-rf", RUN / "data/filestore" / name], check=True)
    _rc_path(name).unlink(missing_ok=True)


def _rc_path(name):
    return RUN / f"{name}.conf"


def fetch_addons(*names):
    """Fetch addons of others from the package index, to measure beside them.

    They lie in a folder of their own; no environment gets them.

    :param names: requirements such as "odoo-addon-x==19.0.*"
    :return: False if the index does not offer them
    """
    folder = RUN / "bench-addons"
    code = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "install"),
            *("--quiet", "--no-input", "--no-deps", "--upgrade", "--target", folder),
            *names,
        ],
        stdout=sys.stderr,
    ).returncode
    if code == 0:
        _FOREIGN.append(folder / "odoo/addons")
    return code == 0


def write_rc(name):
    """Return the path of an odoo.conf for one database, which only we may read."""
    path = _rc_path(name)
    lines = (RUN / "odoo.conf").read_text().splitlines()
    kept = [line for line in lines if not line.startswith("db_name")]
    place = next(n for n, line in enumerate(kept) if line.startswith("addons_path"))
    kept[place] = ",".join([kept[place], *map(str, _FOREIGN)])
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join([*kept, f"db_name = {name}", ""]))
    return path


@contextmanager
def connect(name):
    """Give a cursor of a connection that commits by itself."""
    connection = psycopg2.connect(dbname=name)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def query(name, statement, *params):
    """Return the rows of one query."""
    with connect(name) as cursor:
        cursor.execute(statement, params or None)
        return cursor.fetchall() if cursor.description else []


def run_odoo(name, *arguments):
    """Start Odoo on a database to install or update, and wait until it is done."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "odoo", "-c", write_rc(name), "-d", name),
            *("--no-http", "--stop-after-init", "--log-level=warn", *arguments),
        ],
        check=True,
        cwd=ROOT,
    )


def start_script(name, script, *arguments, **options):
    """Start a process that runs a Python file with `env` in scope.

    :param options: of `subprocess.Popen`
    """
    command = [sys.executable, NATIVE / "with_env.py", script, *map(str, arguments)]
    return subprocess.Popen(
        command, env={**os.environ, "ODOO_RC": str(write_rc(name))}, **options
    )


def run_script(name, script, *arguments):
    """Run a Python file with `env` in scope; return what it printed."""
    process = start_script(name, script, *arguments, stdout=subprocess.PIPE, text=True)
    output, _error = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, script, output)
    return output
