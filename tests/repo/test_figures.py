"""The code keeps to measured limits: what grows past them has to be split."""

import ast
import io
import re
import tokenize

import pytest

from repo import (
    EXISTING,
    attribute,
    classes,
    is_test,
    project_files,
    python_files,
    report,
    shown,
    tree,
    xml_files,
)

METHOD_LINES = 40
LONG_METHOD_LINES = 30
LONG_METHOD_SHARE = 0.03
COMPLEXITY = 10
NESTING = 3
MODEL_FILE_LINES = 300
OTHER_FILE_LINES = 400
VIEW_FILE_LINES = 200
COLUMNS = 88

MODEL_ROOMS = ("models", "wizard", "report", "controllers")

NO_CODE = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)
BRANCHES = (
    ast.If,
    ast.For,
    ast.While,
    ast.ExceptHandler,
    ast.IfExp,
    ast.comprehension,
    ast.Assert,
)
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def code_lines(path):
    """Return the numbers of the lines with code: no blanks, comments, docstrings."""
    source = path.read_text(encoding="utf-8")
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS)):
            if ast.get_docstring(node, clean=False) is not None:
                lines.difference_update(
                    range(node.body[0].lineno, node.body[0].end_lineno + 1)
                )
    return lines


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, FUNCTIONS)]


def length(node, lines):
    return len(lines.intersection(range(node.lineno, node.end_lineno + 1)))


def complexity(node):
    inner = list(ast.walk(node))
    branches = sum(isinstance(part, BRANCHES) for part in inner)
    return (
        1
        + branches
        + sum(len(part.values) - 1 for part in inner if isinstance(part, ast.BoolOp))
    )


def nesting(node, depth=0):
    """Return how deep the blocks lie in each other; an elif is no deeper."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        is_elif = (
            isinstance(node, ast.If)
            and isinstance(child, ast.If)
            and node.orelse == [child]
        )
        step = isinstance(child, BLOCKS) and not is_elif
        deepest = max(deepest, nesting(child, depth + step))
    return deepest


def long_methods(addon):
    faults, lengths = [], []
    for path in python_files(addon):
        lines = code_lines(path)
        for node in functions(path):
            size = length(node, lines)
            if size > METHOD_LINES:
                faults.append(f"{shown(path, node.lineno)} {node.name}: {size} lines")
            if not is_test(path, addon):
                lengths.append(size)
    share = sum(size > LONG_METHOD_LINES for size in lengths) / max(1, len(lengths))
    if share > LONG_METHOD_SHARE:
        faults.append(f"{share:.1%} of the methods are over {LONG_METHOD_LINES} lines")
    return faults


def tangled_methods(addon):
    return [
        f"{shown(path, node.lineno)} {node.name}: complexity {complexity(node)}, "
        f"nesting {nesting(node)}"
        for path in python_files(addon)
        if not is_test(path, addon)
        for node in functions(path)
        if complexity(node) > COMPLEXITY or nesting(node) > NESTING
    ]


def long_files(addon):
    faults = []
    for path in python_files(addon):
        room = path.relative_to(addon).parts[0]
        limit = MODEL_FILE_LINES if room in MODEL_ROOMS else OTHER_FILE_LINES
        size = len(code_lines(path))
        if size > limit:
            faults.append(f"{shown(path)}: {size} of {limit} code lines")
    for path in xml_files(addon, "views", "wizard"):
        size = path.read_text(encoding="utf-8").count("\n")
        # Menus stand in one file each addon, however many there are.
        if size > VIEW_FILE_LINES and not path.name.endswith("_menus.xml"):
            faults.append(f"{shown(path)}: {size} of {VIEW_FILE_LINES} lines")
    return faults


def wide_lines(addon):
    return [
        shown(path, number)
        for path in python_files(addon)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > COLUMNS
    ]


def models_without_docstring(addon):
    return [
        f"{shown(path, node.lineno)} {node.name}"
        for path in python_files(addon, "models", "wizard", "report")
        for node in classes(path)
        if attribute(node, "_name") and not ast.get_docstring(node)
    ]


def hand_made_commits(addon):
    """Return commits of our own: a job commits through the progress of its cron."""
    return [
        shown(path, node.lineno)
        for path in python_files(addon)
        if not is_test(path, addon)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr == "commit"
        and ast.unparse(node.value).endswith(("cr", "cursor"))
    ]


RULES = (
    long_methods,
    tangled_methods,
    long_files,
    wide_lines,
    models_without_docstring,
    hand_made_commits,
)


@pytest.mark.parametrize("addon", EXISTING, ids=lambda addon: addon.name)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_figures(addon, rule):
    faults = rule(addon)
    assert not faults, report(faults)


def postponed(paths):
    """Return the places of words that put work off; spelt apart to spare this file."""
    word = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "XX" "X")) + r")\b")
    return [
        shown(path, number)
        for path in paths
        if path.suffix in (".py", ".xml", ".js", ".scss", ".md", ".sh", "")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if word.search(line)
    ]


def test_nothing_is_put_off():
    faults = postponed(path for path in project_files() if path.name != "LICENSE")
    assert not faults, report(faults)


def body(statement, times):
    return f"def action(self):\n{statement * times}"


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (long_methods, "models/a.py", body("    a = 1\n", 40)),
        (long_methods, "models/a.py", body("    a = 1\n", 31)),
        (tangled_methods, "models/a.py", body("    if a:\n        b = 1\n", 10)),
        (
            tangled_methods,
            "tools/a.py",
            "def f():\n if a:\n  if b:\n   if c:\n    if d:\n     pass\n",
        ),
        (long_files, "models/a.py", "a = 1\n" * 301),
        (long_files, "tests/test_a.py", "a = 1\n" * 401),
        (long_files, "views/a_views.xml", "\n" * 201),
        (wide_lines, "models/a.py", "a" * 89),
        (models_without_docstring, "models/a.py", "class A:\n    _name = 'a'\n"),
        (hand_made_commits, "models/a.py", "self.env.cr.commit()\n"),
    ],
)
def test_faults_are_noticed(plant, rule, name, text):
    assert rule(plant({name: text}))


def test_docstrings_comments_and_blanks_are_no_code(plant):
    text = '"""One\ntwo."""\n\n# three\na = """four\nfive"""\n'
    assert code_lines(plant({"models/a.py": text}) / "models/a.py") == {5, 6}


def test_work_put_off_is_noticed(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("# TO" "DO: later\n")
    assert postponed([path]) == [f"{path}:1"]
