"""Importing a store's work orders: how fast, in how much memory, and once more."""

import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from psycopg2.extras import execute_values

from odoo.tools import SQL

import databases
from fill import Size, fill
from measure import Line, Memory, Meter, times
from orders_file import write_orders
from stage import open_env

NEEDS = ()
_VEHICLES, _ORDERS = 20_000, 70_000
_LOAD_SAMPLE = 2_000
_WARM_UP = 200
_TARGET_RATE, _TARGET_AGAIN, _TARGET_MEGABYTES = 2_000, 5, 100
# What an import writes; the rows of these tables are counted.
_TABLES = (
    *("cr_service_order", "cr_odometer_reading", "cr_vehicle", "cr_vehicle_role"),
    *("res_partner", "cr_import_key"),
)
_CARS = """
    SELECT v.vin, v.plate, p.name, p.mobile FROM cr_vehicle v
      JOIN res_partner p ON p.id = v.owner_id ORDER BY v.id
"""
_NAMES = ("number", "vehicle_id/.id", "partner_id/.id", "type_id/.id", "state", "in_at")
_NAMES += ("out_at", "odometer_km", "amount_labour", "amount_material", "amount_total")


def run(names, sizes):
    """Return the lines of the table about the import."""
    scale = sizes["scale"]
    count, cars = round(_ORDERS * scale), round(_VEHICLES * scale)
    with _make_store(names["empty"], cars) as store, _folder() as folder:
        files = _write_files(store, folder, count)
        known = f"{store}_known"
        lines = _measure_known(store, known, files, count)
        lines += _measure_unknown(names["empty"], known, files, count)
        return [*lines, _measure_load(store, count, scale)]


@contextmanager
def _make_store(source, vehicles):
    """Give a database of one store with cars and owners but no work orders."""
    name = f"{source}_store"
    databases.copy(source, name)
    try:
        with databases.connect(name) as cursor:
            [[store]] = databases.query(name, "SELECT MIN(id) FROM res_company")
            size = Size(vehicles, 0, 0)
            fill(cursor, size, date.today(), [store], [2])
        yield name
    finally:
        databases.drop(name)


@contextmanager
def _folder():
    with tempfile.TemporaryDirectory(prefix="cr-bench-") as folder:
        yield Path(folder)


def _write_files(store, folder, count):
    """Write the export, the same with one order more, and a small one."""
    cars = databases.query(store, _CARS)
    files = {name: folder / f"{name}.xlsx" for name in ("first", "next", "small")}
    write_orders(files["first"], cars, count, date.today())
    write_orders(files["next"], cars, count, date.today(), extra=1)
    write_orders(files["small"], cars[-_WARM_UP:], _WARM_UP, date(2020, 1, 1))
    return files


@contextmanager
def _copy(source, name):
    databases.copy(source, name)
    try:
        yield name
    finally:
        databases.drop(name)


def _measure_known(store, name, files, count):
    """Import orders of cars that are known, then the same again twice."""
    with _copy(store, name), open_env(name) as env:
        first = _import(env, files["first"], files["small"])
        floor = _measure_floor(env, first["mark"])
        again = _import(env, files["first"])
        later = _import(env, files["next"])
    faster = [first["seconds"] / other["seconds"] for other in (again, later)]
    return [
        _first_line(f"Import of {count:,} work orders, cars known", first, floor),
        Line(
            "  memory it grew by",
            f"{first['megabytes']:.0f} MB",
            target=f"≤ {_TARGET_MEGABYTES} MB",
            is_met=first["megabytes"] <= _TARGET_MEGABYTES,
        ),
        Line(
            "  the same file again",
            f"{again['seconds']:.1f} s, {again['written']} rows written",
            target=f"≥ {_TARGET_AGAIN}× faster: {faster[0]:.0f}×",
            is_met=faster[0] >= _TARGET_AGAIN and not again["written"],
        ),
        Line(
            "  the same orders and a new one",
            f"{later['seconds']:.1f} s, {later['orders']} orders written",
            target=f"≥ {_TARGET_AGAIN}× faster: {faster[1]:.1f}×",
            is_met=faster[1] >= _TARGET_AGAIN and later["orders"] == 1,
        ),
    ]


def _measure_unknown(source, name, files, count):
    """Import the same orders where neither cars nor customers are known."""
    with _copy(source, name), open_env(name) as env:
        first = _import(env, files["first"], files["small"])
        floor = _measure_floor(env, first["mark"])
    return [_first_line(f"Import of {count:,} work orders, cars new", first, floor)]


def _first_line(work, first, floor):
    rate = first["rows"] / first["seconds"]
    return Line(
        work,
        f"{first['seconds']:.1f} s, {rate:,.0f}/s"
        f" (read {first['stage']:.1f}, load {first['load']:.1f})",
        f"{times(first['seconds'], floor)} of {floor:.1f} s",
        target=f"≥ {_TARGET_RATE:,}/s",
        is_met=rate >= _TARGET_RATE,
    )


def _import(env, path, warm_up=None):
    """Import a file as a person does; return what it took and what it wrote."""
    if warm_up:
        _hand_in(env, warm_up)
    content = path.read_bytes()
    [[mark]] = env.execute_query(SQL("SELECT txid_current()::text::bigint"))
    env.cr.commit()
    with Memory() as memory, Meter() as meter:
        batch = _hand_in(env, path, content)
    written = {table: _count_written(env, table, mark) for table in _TABLES}
    if batch.state != "done":
        raise RuntimeError(f"import of {path.name}: {batch.state} {batch.error}")
    return {
        "mark": mark,
        "seconds": meter.seconds,
        "megabytes": memory.megabytes,
        "stage": batch.stage_seconds,
        "load": batch.load_seconds,
        "rows": batch.total_count,
        "orders": written["cr_service_order"],
        "written": sum(written.values()),
    }


def _hand_in(env, path, content=None):
    batch = env["cr.import.batch"]._receive(path.name, content or path.read_bytes())
    if batch.state == "draft":
        # The header is new to the profile: a person confirms its columns once.
        batch.action_stage()
    env.cr.commit()
    batch._run_to_end()
    env.cr.commit()
    return batch


def _count_written(env, table, mark):
    """Return how many rows of a table stem from after a transaction."""
    [[count]] = env.execute_query(
        SQL(
            "SELECT COUNT(*) FROM %s WHERE xmin::text::bigint > %s",
            SQL.identifier(table),
            mark,
        )
    )
    return count


def _measure_floor(env, mark):
    """Insert the rows that the import made into copies of their tables."""
    seconds = 0
    for table in _TABLES:
        env.cr.execute(f"CREATE TABLE bench_floor (LIKE {table} INCLUDING ALL)")
        columns = _get_columns(env, table)
        env.cr.execute(
            f"SELECT {columns} FROM {table} WHERE xmin::text::bigint > %s", [mark]
        )
        rows = env.cr.fetchall()
        with Meter() as meter:
            execute_values(
                env.cr._obj,
                f"INSERT INTO bench_floor ({columns}) VALUES %s",
                rows,
                page_size=1_000,
            )
        seconds += meter.seconds
        env.cr.execute("DROP TABLE bench_floor")
    env.cr.commit()
    return seconds


def _get_columns(env, table):
    """Return the columns that hold no documents, which need no floor of their own."""
    env.cr.execute(
        "SELECT string_agg(quote_ident(column_name), ', ')"
        "  FROM information_schema.columns"
        " WHERE table_name = %s AND data_type NOT IN ('json', 'jsonb')",
        [table],
    )
    return env.cr.fetchone()[0]


def _measure_load(store, count, scale):
    """Let Odoo's own import load a sample of such orders, for the whole file."""
    sample = max(100, round(_LOAD_SAMPLE * scale))
    with open_env(store) as env:
        kind = env["cr.service.type"].search([], limit=1).id
        cars = env["cr.vehicle"].search([], limit=sample, order="id")
        rows = [
            [
                *(f"L{car.id}", str(car.id), str(car.owner_id.id), str(kind)),
                *("settled", "2025-03-01 02:00:00", "2025-03-01 04:00:00"),
                *("12000", "200", "480", "680"),
            ]
            for car in cars
        ]
        orders = env["cr.service.order"].with_context(tracking_disable=True)
        with Meter() as meter:
            result = orders.load(_NAMES, rows)
            env.cr.flush()
        env.cr.rollback()
    if not result["ids"]:
        raise RuntimeError(f"load(): {result['messages'][:3]}")
    seconds = meter.seconds * count / sample
    return Line(
        f"  Odoo's load() of {sample:,}, ids given, none cleaned",
        f"{meter.seconds:.1f} s, {sample / meter.seconds:,.0f}/s",
        odoo=f"{seconds:.0f} s for all",
    )
