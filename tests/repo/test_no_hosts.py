"""No file names the place or the tools it was made with."""

import re

import pytest

from repo import ROOT, lines_matching, project_files, report, shown

# Put together from parts, so that this file does not hold what it looks for.
REGISTRIES = (
    ("deb", "debian", "org"),
    ("security", "debian", "org"),
    ("snapshot", "debian", "org"),
    ("archive", "ubuntu", "com"),
    ("ports", "ubuntu", "com"),
    ("pypi", "org"),
    ("files", "pythonhosted", "org"),
    ("wheelhouse", "odoo-community", "org"),
    ("nightly", "odoo", "com"),
    ("registry", "npmjs", "org"),
    ("registry-1", "docker", "io"),
    ("apt", "postgresql", "org"),
)
TOOLING = (
    ("Co-Authored", "By"),
    ("generated", "with"),
    ("chat", "gpt"),
    ("co", "pilot"),
    ("clau", "de"),
    ("anthro", "pic"),
    ("open", "ai"),
    ("large language", "model"),
)
PATTERNS = {
    "a registry host": "|".join(re.escape(".".join(parts)) for parts in REGISTRIES),
    # The folder of the checkout, as somebody would have pasted it.
    "a path of this machine": re.escape(f"{ROOT.parent}/") + r"(main|shared|\.library)",
    "a home of somebody": r"(^|[\s\"'=(])/(root|home/[a-z]+)/",
    "the tools around it": r"(?i)\b("
    + "|".join(r"[- ]?".join(map(re.escape, parts)) for parts in TOOLING)
    + r")\b",
}


def mentions(paths, pattern):
    return [
        shown(path, number)
        for path in paths
        for number in lines_matching(path, pattern)
    ]


@pytest.mark.parametrize("what", PATTERNS)
def test_no_file_mentions(what):
    faults = mentions(project_files(), PATTERNS[what])
    assert not faults, report(faults)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a registry host", "URL = 'http://{}/x'".format(".".join(REGISTRIES[0]))),
        ("a path of this machine", f"cd {ROOT.parent}" + "/main"),
        ("a home of somebody", "path = '/ro" + "ot/x'"),
        ("the tools around it", " ".join(TOOLING[0])),
    ],
)
def test_faults_are_noticed(tmp_path, what, line):
    path = tmp_path / "a.txt"
    path.write_text(f"first\n{line}\n")
    assert mentions([path], PATTERNS[what]) == [f"{path}:2"]
