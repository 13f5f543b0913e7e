"""Installing into a database that is full of partners: what does it cost them?"""

import databases
from fill import lent_defaults
from measure import Line, Meter

NEEDS = ("empty",)
_PARTNERS = 100_000
_FILL = """
INSERT INTO res_partner (
    id, commercial_partner_id, name, complete_name, type, lang, active, is_company,
    phone, mobile, email, create_date, write_date)
SELECT id, id, 'Partner ' || n, 'Partner ' || n, 'contact', 'en_US', TRUE,
       mod(n, 9) = 0, '0796-' || 8000000 + n, '1' || 3000000000 + n * 7,
       n || '@example.com', NOW(), NOW()
  FROM (SELECT n, nextval('res_partner_id_seq') AS id
          FROM generate_series(1, %s) n) partner
"""
_REWRITTEN = "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'res_partner'"
_TARGET_SECONDS = 30
# The company, the users and their like, whom the installation changes anyway.
_FEW = 100


def run(names, sizes):
    """Return the lines of the table about the installation."""
    name = f"{names['empty']}_install"
    count = round(_PARTNERS * sizes["scale"])
    alone, _rewritten = _measure_install(name, 0)
    full, rewritten = _measure_install(name, count)
    return [
        Line(
            f"Installing with {count:,} partners",
            f"{full:.1f} s",
            odoo=f"{alone:.1f} s with none",
            target=f"≤ {_TARGET_SECONDS} s more",
            is_met=full - alone <= _TARGET_SECONDS,
        ),
        Line(
            "  partners rewritten",
            f"{rewritten:,}",
            target="once each, search keys",
            is_met=rewritten <= count + _FEW,
        ),
    ]


def _measure_install(name, count):
    """Return (seconds, partners rewritten) of installing beside so many partners."""
    databases.copy(databases.BASE_TEMPLATE, name)
    try:
        with databases.connect(name) as cursor:
            with lent_defaults(cursor, "res_partner"):
                cursor.execute(_FILL, [count])
            cursor.execute("ANALYZE res_partner")
        before = _count_rewritten(name)
        with Meter() as meter:
            databases.run_odoo(name, "-i", databases.ADDON)
        return meter.seconds, _count_rewritten(name) - before
    finally:
        databases.drop(name)


def _count_rewritten(name):
    return databases.query(name, _REWRITTEN)[0][0]
