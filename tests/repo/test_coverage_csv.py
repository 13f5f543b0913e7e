"""doc/coverage.csv of an addon tells which test shows which requirement."""

import ast
import csv

import pytest

from repo import EXISTING, classes, python_files, report

HEADER = ["id", "requirement", "where", "test"]


def test_methods(addon):
    """Return the names Class.test_method of all tests of the addon."""
    return {
        f"{node.name}.{method.name}"
        for path in python_files(addon, "tests")
        for node in classes(path)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and method.name.startswith("test_")
    }


# The name is right for a reader; pytest need not collect it.
test_methods.__test__ = False


def coverage_faults(addon):
    path = addon / "doc" / "coverage.csv"
    if not path.exists():
        return [f"{addon.name}/doc/coverage.csv is missing"]
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        header, rows = next(reader, []), list(reader)
    if header != HEADER:
        return [f"header is {header}, not {HEADER}"]
    faults, seen, known = [], set(), test_methods(addon)
    for number, row in enumerate(rows, 2):
        if len(row) != len(HEADER) or not all(cell.strip() for cell in row):
            faults.append(f"line {number} has an empty or surplus cell")
            continue
        if row[0] in seen:
            faults.append(f"line {number}: {row[0]} stands there twice")
        seen.add(row[0])
        for name in row[3].split():
            if name.rstrip(",;") not in known:
                faults.append(f"line {number}: there is no test {name}")
    return faults if rows else ["no requirement is listed"]


@pytest.mark.parametrize("addon", EXISTING, ids=lambda addon: addon.name)
def test_every_named_test_exists(addon):
    faults = coverage_faults(addon)
    assert not faults, report(faults)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, "missing"),
        ("id,test\n", "header"),
        ("id,requirement,where,test\n", "no requirement"),
        ("id,requirement,where,test\nA,b,c,\n", "empty"),
        ("id,requirement,where,test\nA,b,c,TestA.test_x\n" * 1, "no test TestA.test_x"),
        (
            "id,requirement,where,test\n" + "A,b,c,TestA.test_a\n" * 2,
            "stands there twice",
        ),
    ],
)
def test_faults_are_noticed(plant, text, found):
    files = {"tests/test_a.py": "class TestA:\n    def test_a(self):\n        pass\n"}
    addon = plant({**files, **({"doc/coverage.csv": text} if text else {})})
    assert any(found in fault for fault in coverage_faults(addon))
