"""A manifest says what is true: licence, version, files, dependencies."""

import re

import pytest

from repo import ADDONS, EXISTING, ROOT, manifest, report

DATA_FOLDERS = ("security", "data", "wizard", "report", "views")
ORDER = {"security": 0, "data": 1, "wizard": 2, "report": 3, "views": 4}


def identity_faults(addon):
    known = manifest(addon)
    if known.get("license") != "AGPL-3":
        yield f"licence {known.get('license')}: OCA dependencies ask for AGPL-3"
    if not re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", known.get("version", "")):
        yield f"version {known.get('version')} is not 19.0.x.y.z"


def file_faults(addon):
    """Yield what is listed and not there, and what is there and not listed."""
    known = manifest(addon)
    for key, folders in (("data", DATA_FOLDERS), ("demo", ("demo",))):
        listed = known.get(key, [])
        there = {
            str(path.relative_to(addon))
            for folder in folders
            for path in (addon / folder).rglob("*")
            if path.suffix in (".xml", ".csv")
        }
        yield from (f"{name} is listed twice" for name in duplicates(listed))
        yield from (f"{name} is not there" for name in sorted(set(listed) - there))
        yield from (f"{name} is not listed" for name in sorted(there - set(listed)))


def duplicates(names):
    return sorted({name for name in names if names.count(name) > 1})


def order_faults(addon):
    """Yield files that come too early: security, data, wizard, report, views, menus."""
    ranks = [
        5 if name.endswith("_menus.xml") else ORDER[name.split("/")[0]]
        for name in manifest(addon).get("data", [])
        if name.split("/")[0] in ORDER
    ]
    if ranks != sorted(ranks):
        yield "data is not in the order security, data, wizard, report, views, menus"


def dependency_faults(addon):
    ours = set(manifest(addon)["depends"]) & set(ADDONS)
    allowed = set() if addon.name == "cr_dealership" else {"cr_dealership"}
    if ours != allowed:
        yield f"depends on {sorted(ours)} of ours, allowed is {sorted(allowed)}"


def package_names(text):
    """Return the package names of a requirements file, spelt the one way pip knows."""
    words = re.findall(r"^([A-Za-z0-9._-]+)", text, re.M)
    return {re.sub(r"[-_.]+", "-", word).lower() for word in words}


def package_faults(addon):
    required = package_names((ROOT / "requirements.txt").read_text())
    wanted = manifest(addon).get("external_dependencies", {}).get("python", [])
    for name in wanted:
        if not package_names(name) <= required:
            yield f"{name} is missing in requirements.txt"


RULES = (
    identity_faults,
    file_faults,
    order_faults,
    dependency_faults,
    package_faults,
)


@pytest.mark.parametrize("addon", EXISTING, ids=lambda addon: addon.name)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_manifest(addon, rule):
    faults = list(rule(addon))
    assert not faults, report(faults)


def test_required_addons_are_pinned_to_their_series():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    addons = [line for line in lines if line.startswith("odoo-addon-")]
    assert addons
    assert all(line.endswith("==19.0.*") for line in addons), addons


@pytest.mark.parametrize(
    ("rule", "change", "found"),
    [
        (identity_faults, {"license": "LGPL-3"}, "licence LGPL-3"),
        (identity_faults, {"version": "18.0.1.0.0"}, "version 18.0"),
        (file_faults, {"data": ["views/a.xml"]}, "views/a.xml is not there"),
        (file_faults, {}, "data/b.xml is not listed"),
        (file_faults, {"data": ["data/b.xml", "data/b.xml"]}, "listed twice"),
        (order_faults, {"data": ["views/a.xml", "data/b.xml"]}, "order"),
        (dependency_faults, {"depends": ["cr_dealership", "cr_complaints"]}, "of ours"),
        (package_faults, {"external_dependencies": {"python": ["nope"]}}, "nope"),
    ],
)
def test_faults_are_noticed(plant, rule, change, found):
    addon = plant({"data/b.xml": "<odoo/>"}, change)
    assert any(found in fault for fault in rule(addon))
