"""Tell about our addons what the scripts need, from their files alone.

modules.py present ROOT       the names of the addons that exist, by commas
modules.py folders ROOT       the folders of all that is an addon, test-only ones too
modules.py external ROOT      the addons they depend on that are not ours, by commas
modules.py fingerprint ROOT   changes with every file that a database is made from
"""

import ast
import hashlib
import sys
from pathlib import Path

OURS = ("cr_dealership", "cr_complaints", "cr_club")
# Files that no installed database depends on.
WITHOUT_EFFECT = ("tests", "doc", "__pycache__", "migrations")


def present(root, names=OURS):
    return [name for name in names if (root / name / "__manifest__.py").is_file()]


def manifest(folder):
    return ast.literal_eval((folder / "__manifest__.py").read_text(encoding="utf-8"))


def external(root):
    depends = {"base"}
    for name in present(root):
        depends.update(manifest(root / name).get("depends", []))
    return sorted(depends.difference(OURS))


def database_files(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not set(path.relative_to(folder).parts) & set(
            WITHOUT_EFFECT
        ):
            yield path


def fingerprint(root):
    digest = hashlib.sha256()
    for name in present(root):
        for path in database_files(root / name):
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def main(verb, root):
    root = Path(root)
    answers = {
        "present": lambda: ",".join(present(root)),
        "folders": lambda: ",".join(present(root, (*OURS, "tests/test_cr_suite"))),
        "external": lambda: ",".join(external(root)),
        "fingerprint": lambda: fingerprint(root),
    }
    print(answers[verb]())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
