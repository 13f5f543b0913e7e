"""Print the odoo.conf of this checkout: configure.py ROOT POSTGRES_PORT [HTTP_PORT]."""

import sys
from pathlib import Path


def addons_path(root):
    """Return the folders that hold addons; Odoo refuses one that holds none."""
    odoo = (root / ".run/odoo").resolve()
    folders = [odoo / "addons", odoo / "odoo/addons", root, root / "tests"]
    return [str(folder) for folder in folders if any(folder.glob("*/__manifest__.py"))]


def main(root, postgres_port, http_port="8069"):
    run = root / ".run"
    settings = {
        "addons_path": ",".join(addons_path(root)),
        "data_dir": run / "data",
        "db_host": "127.0.0.1",
        "db_port": postgres_port,
        "db_user": "odoo",
        "db_password": (run / "postgres.password").read_text().strip(),
        "http_interface": "127.0.0.1",
        "http_port": http_port,
        # One process serves everything: the machine of a developer has few cores.
        "workers": 0,
        "max_cron_threads": 0,
        "list_db": True,
    }
    print("[options]")
    for key, value in settings.items():
        print(f"{key} = {value}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
