"""Run a Python file with `env` in scope, as the superuser, and commit at its end.

with_env.py FILE [ARGUMENT…]     database and settings come from ODOO_RC
"""

import logging
import os
import runpy
import sys

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry


def main(path, *arguments):
    odoo.tools.config.parse_config(["-c", os.environ["ODOO_RC"], "--log-level=warn"])
    # Odoo's own remark on the user it runs as is of no use here.
    logging.getLogger("odoo.service.server").setLevel(logging.ERROR)
    sys.argv = [path, *arguments]
    (database,) = odoo.tools.config["db_name"]
    with Registry(database).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        runpy.run_path(path, init_globals={"env": env}, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
