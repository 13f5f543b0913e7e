"""Export the terms of our addons and merge them into their Chinese translations.

Runs with `env` in scope. A translation is kept as long as its term exists, an unused
one is dropped, and a file whose terms did not change is not touched.
"""

import io
import os
from pathlib import Path

import polib

from odoo.tools.translate import trans_export

import modules

# Dates and versions change with every export and say nothing about the terms.
VOLATILE = ("POT-Creation-Date", "PO-Revision-Date", "Project-Id-Version")


def exported(env, name):
    content = io.BytesIO()
    trans_export(False, [name], content, "po", env)
    catalog = polib.pofile(content.getvalue().decode(), wrapwidth=0)
    for key in VOLATILE:
        catalog.metadata.pop(key, None)
    catalog.sort()
    return catalog


def merged(template, path):
    """Return the catalogue at the path with exactly the terms of the template."""
    known = polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile()
    translations = {(entry.msgctxt, entry.msgid): entry for entry in known}
    catalog = polib.POFile(wrapwidth=0)
    catalog.header = known.header or template.header
    catalog.metadata = {**template.metadata, **known.metadata, "Language": "zh_CN"}
    for key in VOLATILE:
        catalog.metadata.pop(key, None)
    for term in template:
        old = translations.get((term.msgctxt, term.msgid))
        catalog.append(
            polib.POEntry(
                msgid=term.msgid,
                msgctxt=term.msgctxt,
                msgstr=old.msgstr if old else "",
                comment=term.comment,
                occurrences=term.occurrences,
                flags=[flag for flag in term.flags if flag != "fuzzy"],
                tcomment=old.tcomment if old else "",
            )
        )
    return catalog


def write(catalog, path):
    path.parent.mkdir(exist_ok=True)
    text = f"{catalog}\n".replace("\n\n\n", "\n\n")
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}")


def export(env, root):
    for name in modules.present(root):
        template = exported(env, name)
        folder = root / name / "i18n"
        write(template, folder / f"{name}.pot")
        chinese = merged(template, folder / "zh_CN.po")
        write(chinese, folder / "zh_CN.po")
        share = chinese.percent_translated()
        print(f"{name}: {len(template)} terms, {share} % in Chinese")


if __name__ == "__main__":
    export(env, Path(os.environ["CR_ROOT"]))  # noqa: F821 - with_env.py puts it here
