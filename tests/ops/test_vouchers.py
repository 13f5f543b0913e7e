"""Vouchers of the club in a shop that has sales orders and a cash desk."""

import subprocess
import sys

import databases

_SHOPS = "sale_loyalty,pos_loyalty"
_TESTS = "cr_club/tests/test_cr_club_voucher.py"


def test_sales_and_cash_desk_take_vouchers_of_the_club(scratch):
    name = scratch.make("vouchers")
    databases.run_odoo(name, "-i", _SHOPS)
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *("-W", "ignore::DeprecationWarning"),
            f"--odoo-config={databases.write_rc(name)}",
            f"--odoo-database={name}",
            _TESTS,
        ],
        cwd=databases.ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    assert "passed" in run.stdout and "skipped" not in run.stdout
