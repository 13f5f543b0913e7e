"""Add up what pytest runs wrote: summary.py FILE.xml…

Prints one closing line; ends with an error if no test ran at all.
"""

import sys
from collections import Counter
from xml.etree import ElementTree


def outcomes(path):
    """Return the outcome of each test; its subtests stand under the same name."""
    worst = {}
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        tags = {child.tag for child in case}
        outcome = (
            "failed"
            if tags & {"failure", "error"}
            else "skipped" if "skipped" in tags else "passed"
        )
        key = case.get("classname"), case.get("name")
        if worst.get(key) != "failed":
            worst[key] = outcome
    return list(worst.values())


def main(paths):
    count = Counter(outcome for path in paths for outcome in outcomes(path))
    print(
        f"{count['passed']} passed, {count['failed']} failed, "
        f"{count['skipped']} skipped"
    )
    return 0 if count["passed"] and not count["failed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
