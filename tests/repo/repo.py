"""What the tests of this folder share: where things are and how to read them."""

import ast
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ("cr_dealership", "cr_complaints", "cr_club")
EXISTING = [
    ROOT / name for name in ADDONS if (ROOT / name / "__manifest__.py").is_file()
]


def project_files(root=ROOT):
    """Return the files that belong to the project: tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = (root / name for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def manifest(addon):
    return ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))


def python_files(addon, *folders):
    """Yield the Python files of the addon, or of some folders of it."""
    for folder in folders or ("",):
        for path in sorted((addon / folder).rglob("*.py")):
            if not {"__pycache__", "static"} & set(path.parts):
                yield path


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def is_test(path, addon):
    return path.relative_to(addon).parts[0] == "tests"


def classes(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]


def attribute(node, name):
    """Return the constant that a class assigns to the name, or None."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name
            for target in statement.targets
        ):
            try:
                return ast.literal_eval(statement.value)
            except ValueError:
                return None
    return None


def model_names(node):
    """Return the names of the model that a class makes, else of those it extends."""
    name = attribute(node, "_name")
    if name:
        return [name]
    inherit = attribute(node, "_inherit") or []
    return [inherit] if isinstance(inherit, str) else list(inherit)


def xml_files(addon, *folders):
    for folder in folders or ("",):
        for path in sorted((addon / folder).rglob("*.xml")):
            if "static" not in path.relative_to(addon).parts:
                yield path


def elements(path):
    return ElementTree.parse(path).getroot().iter()


def snake(model):
    return model.replace(".", "_")


def shown(path, line=None):
    place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{place}:{line}" if line else str(place)


def report(faults):
    return "\n" + "\n".join(map(str, faults))


def lines_matching(path, pattern):
    """Yield the numbers of the lines that match; a file that is not text has none."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(pattern, line):
            yield number
