"""Stores with a club: work orders that nobody posted, members with points of years."""

from contextlib import contextmanager
from datetime import date

import databases
from fill import Size, bulk, fill
from stage import open_env

PROGRAM = "cr_club.cr_club_program_main"
_MEMBER_TABLES = ("cr_points_account", "cr_points_entry")
_ACCOUNTS = """
INSERT INTO cr_points_account (partner_id, program_id, company_id, balance,
       open_points, arrears, last_sequence, create_date, write_date)
SELECT partner_id, program_id, company_id, 0, 0, 0, 2, NOW(), NOW()
  FROM cr_club_member ORDER BY id
"""
# One in fifty has collected enough for a better tier in the last two years.
_ENTRIES = """
INSERT INTO cr_points_entry (account_id, company_id, sequence, day, kind, points,
       qualifying, material, balance, key, hash, create_date, write_date)
SELECT id, company_id, n, %(today)s - mod(id * 13 + n * 400, 900), 'order', points,
       points, points * 2 / 3, points * n, 'bench:' || id || ':' || n,
       encode(sha256(convert_to(id || ':' || n, 'UTF8')), 'hex'), NOW(), NOW()
  FROM cr_points_account, generate_series(1, 2) n,
       LATERAL (SELECT CASE WHEN mod(id, 50) = 0 THEN 40000 ELSE mod(id, 5000) + 1 END
                       AS points) AS share
 ORDER BY n, id
"""


@contextmanager
def make_store(source, word, vehicles, orders=0):
    """Give a database of one store with a club that counts everything ever settled."""
    name = f"{source}_{word}"
    databases.copy(source, name)
    try:
        with open_env(name) as env:
            program = env.ref(PROGRAM)
            program.write({"points_from": "2000-01-01", "is_open_to_all": True})
            env["cr.service.type"].search([]).earns_points = True
            store = program.company_id.id
        with databases.connect(name) as cursor:
            fill(cursor, Size(vehicles, orders, 0), date.today(), [store], [2])
        yield name
    finally:
        databases.drop(name)


def enrol(env, program):
    """Make members of all buyers, as the nightly job does."""
    program.enrolment = "auto"
    members = program._enrol_buyers(program.company_id._cr_today())
    env.cr.commit()
    return len(members)


def give_points(name):
    """Give every member an account with two entries, by plain SQL."""
    with databases.connect(name) as cursor, bulk(cursor, _MEMBER_TABLES):
        cursor.execute(_ACCOUNTS)
        cursor.execute(_ENTRIES, {"today": date.today()})
    with databases.connect(name) as cursor:
        cursor.execute("ANALYZE cr_club_member, cr_vehicle, cr_vehicle_role")
