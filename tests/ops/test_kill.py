"""A server that dies in the middle of its work: the next run ends it, as if nothing had
been."""

from datetime import date

import pytest

import databases
from conftest import OPEN_JOB, PENDING, SCRIPTS, open_callbacks
from content import Content
from faults import kill_when
from orders_file import write_orders

_ROWS, _CARS = 5_000, 1_500
_IMPORT = "ir_cron_cr_import_run"
_CALLBACKS_MADE = "SELECT COUNT(*) FROM cr_callback WHERE state = 'todo'"
# How far an import has got, as the job has committed it.
_PROGRESS = {
    "staging": "SELECT total_count FROM cr_import_batch",
    "loading": "SELECT new_count FROM cr_import_batch",
}
# Links that are no foreign keys.
_REFERENCES = {
    ("cr_callback", "origin_id"): "cr_service_order",
    ("cr_import_key", "res_id"): "cr_service_order",
    ("cr_import_row", "res_id"): "cr_service_order",
}
# They tell how long it took and where the file lies.
_RUN = ("stage_seconds", "load_seconds", "attachment_id", "store_fname", "access_token")


def _read_content(name):
    """Return what all tables of ours and the customers say."""
    content = Content(name, _REFERENCES, _RUN)
    tables = [table for table in content.columns if table.startswith("cr_")]
    return {table: content.read(table) for table in [*tables, "res_partner"]}


def _assert_same(hurt, calm):
    hurt, calm = _read_content(hurt), _read_content(calm)
    differing = {
        table: (list((hurt[table] - rows))[:2], list((rows - hurt[table]))[:2])
        for table, rows in calm.items()
        if hurt[table] != rows
    }
    assert not differing


def _fire_and_kill(name, job, statement, total):
    """Kill the job when part of its work is committed; return how much is."""
    process = databases.start_script(name, SCRIPTS / "fire_cron.py", job)
    kill_when(name, process, statement, lambda row: 0 < (row[0] or 0) < total)
    [[done]] = databases.query(name, statement)
    assert 0 < done < total
    return done


def test_killed_callback_run_is_ended_by_the_next(scratch, group, opened):
    hurt = scratch.copy(group, "open_hurt")
    _fire_and_kill(hurt, OPEN_JOB, _CALLBACKS_MADE, PENDING)
    open_callbacks(hurt)
    [[made]] = databases.query(hurt, _CALLBACKS_MADE)
    assert made == PENDING
    _assert_same(hurt, opened)


@pytest.fixture(scope="module")
def orders_file(tmp_path_factory):
    """Write a file of work orders of cars and customers that nobody knows."""
    path = tmp_path_factory.mktemp("files") / "orders.xlsx"
    cars = [
        (f"LFMAYAC0X{n:08d}", f"赣D{n:05d}", f"客户{n // 3}", f"1380796{n // 3:04d}")
        for n in range(_CARS)
    ]
    write_orders(path, cars, _ROWS, date(2026, 11, 1))
    return path


@pytest.fixture(scope="module")
def calm_import(scratch, orders_file):
    """Return a database into which the file was imported undisturbed."""
    name = scratch.make("import_calm")
    _start_import(name, orders_file, "staging")
    _finish_import(name)
    return name


def _start_import(name, path, state):
    databases.run_script(name, SCRIPTS / "start_import.py", path, state)


def _finish_import(name):
    """Let the job go on, and release the rows as a person does, until it is done."""
    databases.run_script(name, SCRIPTS / "finish_import.py")
    [[state, rows]] = databases.query(
        name, "SELECT state, new_count FROM cr_import_batch"
    )
    assert (state, rows) == ("done", _ROWS)


@pytest.mark.parametrize("state", ["staging", "loading"])
def test_killed_import_is_ended_by_the_next_run(
    scratch, orders_file, calm_import, state
):
    name = scratch.make(f"import_{state}")
    _start_import(name, orders_file, state)
    _fire_and_kill(name, _IMPORT, _PROGRESS[state], _ROWS)
    _finish_import(name)
    _assert_same(name, calm_import)
