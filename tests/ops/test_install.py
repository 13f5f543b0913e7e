"""Installing beside partners, updating, uninstalling: what it leaves, and what it may
not touch."""

from types import SimpleNamespace

import pytest

import databases
from conftest import SCRIPTS

_PARTNERS = 2_000
_PUT_PARTNERS = """
INSERT INTO res_partner (
    id, commercial_partner_id, name, complete_name, type, lang, active, is_company,
    phone, mobile, autopost_bills, create_date, write_date)
SELECT id, id, 'Partner ' || n, 'Partner ' || n, 'contact', 'en_US', TRUE, FALSE,
       '0796-' || 8000000 + n, '1' || 3000000000 + n * 7, 'ask', '2020-01-01',
       '2020-01-01'
  FROM (SELECT n, nextval('res_partner_id_seq') AS id
          FROM generate_series(1, %s) n) partner
"""
_ADDONS = ("cr_club", "cr_complaints")
# Everything that an addon can leave in the catalogue of the database; what belongs to
# an extension is the database's own.
_OBJECTS = """
    SELECT 'relation ' || c.relname FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace
     UNION ALL
    SELECT 'column ' || a.attrelid::regclass || '.' || a.attname
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
       AND a.attnum > 0 AND NOT a.attisdropped
     UNION ALL
    SELECT 'constraint ' || conname FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace
     UNION ALL
    SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL
    SELECT 'function ' || p.proname FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (
           SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
# What an update may write again: texts of the addon itself, and Odoo's own books.
_BOOKS = (
    *("ir_attachment", "ir_cron_trigger", "ir_module_module", "ir_profile"),
    *("bus_bus", "res_users_log", "ir_logging", "orm_signaling_registry"),
)
_TABLES = """
    SELECT table_name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1
"""
# When it was written, and what a view was before, is no content.
_SUM = """
    SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
        SELECT (to_jsonb(t)
                - ARRAY['write_date', 'write_uid', 'arch_prev'])::text AS line
          FROM {} t) lines
"""


@pytest.fixture(scope="module")
def life(scratch):
    """Lead a database through installation, use, update and removal of the addon."""
    name = scratch.make_base("install")
    with databases.connect(name) as cursor:
        cursor.execute(_PUT_PARTNERS, [_PARTNERS])
    seen = SimpleNamespace(name=name)
    seen.objects_before = _read_objects(name)
    seen.partner_columns = _read_partner_columns(name)
    seen.partners_before = _read_partners(seen)
    databases.run_odoo(name, "-i", databases.ADDON)
    seen.fresh = scratch.copy(name, "fresh")
    seen.partners_installed = _read_partners(seen)
    seen.keys_missing = databases.query(
        name,
        "SELECT COUNT(*) FROM res_partner"
        " WHERE cr_pinyin IS NULL AND name IS NOT NULL",
    )[0][0]
    databases.run_script(name, SCRIPTS / "use_addon.py")
    seen.sums_used = _read_sums(name)
    databases.run_odoo(name, "-u", databases.ADDON)
    seen.sums_updated = _read_sums(name)
    databases.run_script(name, SCRIPTS / "uninstall.py")
    seen.objects_after = _read_objects(name)
    seen.partners_after = _read_partners(seen)
    return seen


@pytest.fixture(scope="module", params=_ADDONS)
def alone(scratch, life, request):
    """Return an addon, and a database in which it is used without the other one."""
    name = scratch.copy(life.fresh, request.param)
    databases.run_odoo(name, "-i", request.param)
    databases.run_script(name, SCRIPTS / "use_addon.py")
    return request.param, name


def _read_objects(name):
    return {row[0] for row in databases.query(name, _OBJECTS)}


def _read_partner_columns(name):
    rows = databases.query(
        name,
        "SELECT quote_ident(column_name) FROM information_schema.columns"
        " WHERE table_name = 'res_partner' ORDER BY 1",
    )
    return ", ".join(row[0] for row in rows)


def _read_partners(seen):
    """Return {id: row} of the partners that were there before, by their columns."""
    rows = databases.query(
        seen.name,
        f"SELECT {seen.partner_columns} FROM res_partner"
        " WHERE name LIKE 'Partner %' ORDER BY id",
    )
    return rows


def _read_sums(name):
    tables = [row[0] for row in databases.query(name, _TABLES)]
    return {
        table: databases.query(name, _SUM.format(f'"{table}"'))[0][0]
        for table in tables
        if table not in _BOOKS
    }


def test_installing_leaves_partners_as_they_are(life):
    assert len(life.partners_before) == _PARTNERS
    assert life.partners_installed == life.partners_before


def test_installing_makes_partners_findable(life):
    assert life.keys_missing == 0


def test_updating_changes_no_data(life):
    changed = {
        table
        for table, digest in life.sums_updated.items()
        if digest != life.sums_used.get(table)
    }
    assert not changed


def test_uninstalling_leaves_nothing_behind(life):
    assert sorted(life.objects_after - life.objects_before) == []


def test_uninstalling_takes_nothing_away(life):
    assert sorted(life.objects_before - life.objects_after) == []


def test_uninstalling_keeps_partners(life):
    assert life.partners_after == life.partners_before


def test_uninstalling_forgets_the_addon(life):
    left = databases.query(
        life.name,
        "SELECT model, name FROM ir_model_data WHERE module = %s",
        databases.ADDON,
    )
    assert left == []


def test_each_addon_does_without_the_other(alone):
    addon, name = alone
    states = databases.query(
        name,
        "SELECT name, state FROM ir_module_module WHERE name = ANY(%s)",
        list(_ADDONS),
    )
    expected = {one: "installed" if one == addon else "uninstalled" for one in _ADDONS}
    assert dict(states) == expected


def test_jobs_run_where_the_other_addon_is_missing(alone):
    addon, name = alone
    jobs = databases.query(
        name,
        "SELECT name FROM ir_model_data WHERE module = %s AND model = 'ir.cron'",
        addon,
    )
    assert jobs
    for [job] in jobs:
        output = databases.run_script(
            name, SCRIPTS / "fire_cron.py", f"{addon}.{job}"
        )
        assert output.strip().endswith("done")
