"""Import a folder of exports and hold the result against its truth.json.

    import_check.py FOLDER      with CR_DATABASE (a scratch copy) and ODOO_RC set

Loads sales.xlsx, service.xlsx, service_update.csv and insurance.csv through the real
import, opens the callbacks of the day that truth.json calls today, imports everything
once more, and prints what was expected beside what is there. Exit code 1 on any
difference.
"""

import json
import logging
import os
import sys
from datetime import date
from pathlib import Path

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import SQL

FILES = ("sales.xlsx", "service.xlsx", "service_update.csv", "insurance.csv")
# Tables that a second import of the same files must leave as they are.
LASTING = (
    "res_partner",
    "cr_vehicle",
    "cr_vehicle_role",
    "cr_service_order",
    "cr_odometer_reading",
    "cr_insurance_policy",
    "cr_import_key",
    "cr_callback",
    "mail_message",
)
COUNTS = {
    "vehicles": "SELECT COUNT(*) FROM cr_vehicle",
    "customers": "SELECT COUNT(DISTINCT partner_id) FROM cr_vehicle_role"
    " WHERE role = 'owner'",
    "work_orders": "SELECT COUNT(*) FROM cr_service_order",
    "work_order_amount": "SELECT COALESCE(SUM(amount_total), 0) FROM cr_service_order",
    "policies": "SELECT COUNT(*) FROM cr_insurance_policy",
    "delivered_by_us": "SELECT COUNT(*) FROM cr_vehicle"
    " WHERE delivered_on IS NOT NULL AND company_id IS NOT NULL",
    "wrong_odometer": "SELECT COUNT(*) FROM cr_odometer_reading"
    " WHERE state = 'suspect'",
    "left_shop_in_last_3_days": "SELECT COUNT(*) FROM cr_callback"
    " WHERE kind = 'csi' AND state = 'todo'",
    "delivered_in_last_7_days": "SELECT COUNT(*) FROM cr_callback"
    " WHERE kind = 'ssi' AND state = 'todo'",
}


def load(env, folder):
    """Import the folder's files in their order; return the refused rows."""
    refused = set()
    for name in FILES:
        batch = env["cr.import.batch"]._receive(name, (folder / name).read_bytes())
        # The job does the work, and it runs as the superuser.
        batch = batch.sudo()
        if batch.state == "draft":
            batch.action_stage()
        env.cr.commit()
        batch._run_to_end()
        env.cr.commit()
        if batch.state != "done":
            sys.exit(f"{name} stopped as {batch.state}: {batch.error}")
        print(
            f"{name:20} rows {batch.total_count:6} new {batch.new_count:6}"
            f" changed {batch.changed_count:4} unchanged {batch.unchanged_count:6}"
            f" refused {batch.refused_count:4} {batch.rows_per_second:6} rows/s",
            flush=True,
        )
        rows = env["cr.import.row"].search_fetch(
            [("batch_id", "=", batch.id), ("state", "=", "refused")],
            ["number", "reason"],
        )
        refused |= {(name, row.number, row.reason) for row in rows}
    return refused


def open_callbacks(env, today):
    """Run the nightly opening of callbacks as of a day, to its end."""
    while env["cr.callback.rule"]._open_callbacks(today)["taken"]:
        env.cr.commit()
    env.cr.commit()


def prints(env):
    """Return a print of every lasting table: rows and the last time one was written."""
    return {
        table: env.execute_query(
            SQL("SELECT COUNT(*), MAX(write_date) FROM %s", SQL.identifier(table))
        )[0]
        for table in LASTING
        if table not in ("cr_import_key",)
    } | {
        "cr_import_key": env.execute_query(
            SQL("SELECT COUNT(*), SUM(hashtext(k::text)) FROM cr_import_key k")
        )[0]
    }


def suspects(env):
    """Return the work orders whose reading is held back."""
    return {
        number
        for (number,) in env.execute_query(
            SQL(
                "SELECT o.number FROM cr_odometer_reading r"
                " JOIN cr_service_order o ON o.id = r.order_id"
                " WHERE r.state = 'suspect'"
            )
        )
    }


def compare(env, truth, refused):
    """Return [(what, expected, found)] of everything that the truth names."""
    lines = [
        (name, truth[name], int(env.execute_query(SQL(query))[0][0]))
        for name, query in COUNTS.items()
    ]
    expected = {(row["file"], row["key"], row["reason"]) for row in truth["refused"]}
    lines.append(("refused rows, too few", 0, len(expected - refused)))
    lines.append(("refused rows, too many", 0, len(refused - expected)))
    wrong = {
        number for number, order in truth["orders"].items() if order["wrong_odometer"]
    }
    lines.append(("suspect readings, too few", 0, len(wrong - suspects(env))))
    lines.append(("suspect readings, too many", 0, len(suspects(env) - wrong)))
    stored = dict(
        env.execute_query(SQL("SELECT number, amount_total FROM cr_service_order"))
    )
    lines.append(
        (
            "work orders with another amount",
            0,
            sum(
                round(float(stored.get(number, -1))) != order["amount"]
                for number, order in truth["orders"].items()
            ),
        )
    )
    return lines


def check(env, folder):
    """Import, compare, import again; return True when nothing differs."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    refused = load(env, folder)
    open_callbacks(env, date.fromisoformat(truth["today"]))
    lines = compare(env, truth, refused)
    before = prints(env)
    again = load(env, folder)
    open_callbacks(env, date.fromisoformat(truth["today"]))
    lines.append(("refused rows the second time", len(refused), len(again)))
    changed = [table for table, found in prints(env).items() if before[table] != found]
    lines.append(("tables written the second time", "", ", ".join(changed)))
    for what, expected, found in lines:
        mark = "" if expected == found else "  <-- differs"
        print(f"{what:34} expected {expected!s:>10} found {found!s:>10}{mark}")
    return all(expected == found for __, expected, found in lines)


def main(folder):
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=warn"])
    logging.getLogger("odoo.service.server").setLevel(logging.ERROR)
    with Registry(os.environ["CR_DATABASE"]).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {"lang": "zh_CN"})
        env = env(user=env.ref("base.user_admin"))
        return 0 if check(env, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
