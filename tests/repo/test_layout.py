"""Everything lies where a reader looks for it, under the name he expects."""

import re

import pytest

from repo import (
    ADDONS,
    EXISTING,
    ROOT,
    classes,
    elements,
    model_names,
    project_files,
    python_files,
    report,
    shown,
    snake,
    xml_files,
)

TOP_LEVEL = {
    *ADDONS,
    ".ci",
    ".gitignore",
    ".pre-commit-config.yaml",
    "LICENSE",
    "Makefile",
    "README.md",
    "docker",
    "requirements-dev.txt",
    "requirements.txt",
    "setup.cfg",
    "tests",
}
TESTS = {"repo", "test_cr_suite", "ops", "bench"}
ROOMS = {
    "__init__.py",
    "__manifest__.py",
    "README.md",
    "const.py",
    "controllers",
    "data",
    "demo",
    "doc",
    "hooks.py",
    "i18n",
    "migrations",
    "models",
    "report",
    "security",
    "static",
    "tests",
    "tools",
    "views",
    "wizard",
}
VIEW_FILE = r"_(views|menus|templates|reports|actions)\.xml$"


def strangers(paths, folder, allowed):
    """Return what lies directly in the folder and is not allowed there."""
    names = {
        path.relative_to(folder).parts[0]
        for path in paths
        if path.is_relative_to(folder)
    }
    return sorted(names - allowed)


def continues(longer, shorter):
    return f"{longer}_".startswith(f"{shorter}_")


def misnamed_model_files(addon):
    """Return model files whose name does not lead to what they hold.

    A file is named after its model, and the parts of a long model continue its name; a
    line model may live with its parent, of which it has the first two words.
    """
    faults = []
    for path in python_files(addon, "models", "wizard"):
        found = [set(map(snake, model_names(node))) for node in classes(path)]
        models = [names for names in found if names]
        names = sorted(set().union(*models))
        area = "_".join(path.stem.split("_")[:2])
        fits = any(continues(path.stem, name) for name in names)
        if names and not (
            fits and all(any(continues(n, area) for n in model) for model in models)
        ):
            faults.append(f"{shown(path)} holds {', '.join(names)}")
    return faults


def misplaced_menus(addon):
    return [
        shown(path)
        for path in xml_files(addon)
        if path.name != f"{addon.name}_menus.xml"
        and any(element.tag == "menuitem" for element in elements(path))
    ]


def impure_tools(addon):
    """Return tools that import Odoo: they must run without a database."""
    return [
        shown(path)
        for path in python_files(addon, "tools")
        if re.search(r"^\s*(from|import) odoo\b", path.read_text("utf-8"), re.M)
    ]


def test_top_level_holds_nothing_unexpected():
    assert not strangers(project_files(), ROOT, TOP_LEVEL)
    assert not strangers(project_files(), ROOT / "tests", TESTS)


def test_what_the_readme_promises_is_there():
    missing = [name for name in TOP_LEVEL - set(ADDONS) if not (ROOT / name).exists()]
    assert not missing


@pytest.mark.parametrize("addon", EXISTING, ids=lambda addon: addon.name)
class TestAddon:
    def test_rooms(self, addon):
        found = strangers(project_files(), addon, ROOMS)
        # A long table of codes may be a file of its own beside const.py.
        assert not [name for name in found if not re.match(r"const_\w+\.py$", name)]

    def test_model_files_are_named_after_their_models(self, addon):
        faults = misnamed_model_files(addon)
        assert not faults, report(faults)

    def test_view_files_say_what_they_hold(self, addon):
        faults = [
            shown(path)
            for path in xml_files(addon, "views", "wizard")
            if not re.search(VIEW_FILE, path.name)
        ]
        assert not faults, report(faults)

    def test_menus_live_in_their_own_file(self, addon):
        assert not misplaced_menus(addon)

    def test_tools_do_not_know_odoo(self, addon):
        assert not impure_tools(addon)


def test_faults_are_noticed(plant):
    addon = plant(
        {
            "models/cr_gift.py": "class CrCard:\n    _name = 'cr.card'\n",
            "models/cr_points_lot.py": (
                "class Lot:\n    _name = 'cr.points.lot'\n"
                "class Line:\n    _name = 'cr.points.line'\n"
                "class Card:\n    _name = 'cr.card'\n"
            ),
            "models/cr_card_layout.py": (
                "class C:\n    _inherit = 'cr.card'\nclass Helper:\n    pass\n"
            ),
            "views/cr_card_views.xml": "<odoo><menuitem id='a'/></odoo>",
            "tools/earning.py": "from odoo import fields\n",
            "junk/x.py": "",
        }
    )
    assert misnamed_model_files(addon) == [
        f"{addon}/models/cr_gift.py holds cr_card",
        f"{addon}/models/cr_points_lot.py holds cr_card, cr_points_line, cr_points_lot",
    ]
    assert misplaced_menus(addon) == [f"{addon}/views/cr_card_views.xml"]
    assert impure_tools(addon) == [f"{addon}/tools/earning.py"]
    assert strangers(addon.rglob("*"), addon, ROOMS) == ["junk"]
