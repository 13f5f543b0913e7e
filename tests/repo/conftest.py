"""A small addon with planted files, to show that a rule notices when it is broken."""

import pytest


@pytest.fixture
def plant(tmp_path):
    """Return a function that writes files into an addon cr_club and returns it."""

    def write(files, manifest=None):
        addon = tmp_path / "cr_club"
        content = {
            "name": "Club",
            "version": "19.0.1.0.0",
            "license": "AGPL-3",
            "depends": ["cr_dealership"],
            "data": [],
            **(manifest or {}),
        }
        for name, text in {"__manifest__.py": repr(content), **files}.items():
            path = addon / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return addon

    return write
