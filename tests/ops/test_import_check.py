"""The check of a folder of exports says yes to a right import, no to a wrong one."""

import json
import os
import shutil
import subprocess
import sys

import pytest

import databases
from conftest import HERE

_EXPORTS = HERE / "exports"


@pytest.fixture(scope="module")
def check(scratch):
    """Return a function that checks a folder in a database of its own."""

    def run(folder, word):
        name = scratch.make(f"check_{word}")
        return subprocess.run(
            [sys.executable, HERE / "import_check.py", folder],
            env={
                **os.environ,
                "CR_DATABASE": name,
                "CR_ROOT": str(databases.ROOT),
                "ODOO_RC": str(databases.write_rc(name)),
            },
            capture_output=True,
            text=True,
        )

    return run


def test_sample_of_exports_is_imported_as_its_truth_says(check):
    result = check(_EXPORTS, "right")
    assert result.returncode == 0, result.stdout + result.stderr


def test_false_truth_is_noticed(check, tmp_path):
    folder = shutil.copytree(_EXPORTS, tmp_path / "exports")
    path = folder / "truth.json"
    truth = json.loads(path.read_text(encoding="utf-8"))
    truth["work_orders"] += 1
    path.write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")
    result = check(folder, "false")
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
