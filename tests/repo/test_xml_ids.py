"""External ids follow one grammar, so that a reader can guess them."""

import csv
import re
from collections import Counter

import pytest

from repo import EXISTING, elements, report, shown, xml_files

VIEW_KINDS = (
    "form|list|kanban|search|calendar|graph|pivot|activity|hierarchy|quick_create"
)
GRAMMAR = {
    "ir.ui.view": rf"[a-z0-9_]+_view_({VIEW_KINDS})(_[a-z0-9_]+)?",
    "ir.actions.act_window": r"[a-z0-9_]+_action(_[a-z0-9_]+)?",
    "ir.cron": r"ir_cron_[a-z0-9_]+",
    "ir.rule": r"[a-z0-9_]+_rule_[a-z0-9_]+",
    "res.groups": r"group_{addon}_[a-z0-9_]+",
    "mail.template": r"mail_template_[a-z0-9_]+",
    "mail.activity.type": r"mail_activity_type_[a-z0-9_]+",
}


def identified(addon, *folders):
    """Yield the file, the element and its id for all that has one."""
    for path in xml_files(addon, *folders):
        for element in elements(path):
            if element.tag in ("record", "menuitem", "template") and element.get("id"):
                yield path, element, element.get("id")


def own(name):
    """Whether the id is one of the addon's own: others' carry their addon's name."""
    return "." not in name


def repeated_ids(addon):
    """Return ids that stand twice; a second record may only add other fields.

    Records that name each other need that: what comes later is filled in later.
    """
    seen, faults = {}, set()
    for _path, element, name in identified(addon):
        fields = {field.get("name") for field in element.iter("field")} or {None}
        if seen.setdefault(name, set()) & fields:
            faults.add(name)
        seen[name] |= fields
    return sorted(faults)


def prefixed_ids(addon):
    return [
        f"{shown(path)} {name}"
        for path, _element, name in identified(addon)
        if name.startswith(f"{addon.name}.")
    ]


def odd_ids(addon):
    faults = []
    for path, element, name in identified(addon):
        grammar = GRAMMAR.get(element.get("model"))
        if not grammar or not own(name):
            continue
        inherited = any(field.get("name") == "inherit_id" for field in element)
        if inherited and element.get("model") == "ir.ui.view":
            # An extension keeps the id of the view it extends.
            continue
        if not re.fullmatch(grammar.replace("{addon}", addon.name), name):
            faults.append(f"{shown(path)} {element.get('model')} {name}")
    return faults


def odd_demo_ids(addon):
    return [
        f"{shown(path)} {name}"
        for path, _element, name in identified(addon, "demo")
        if own(name) and not name.endswith("_demo")
    ]


def odd_menus(addon):
    return [
        name
        for path, element, name in identified(addon)
        if element.tag == "menuitem"
        and own(name)
        and name != f"{addon.name}_menu_root"
        and not re.search(r"_menu(_[a-z0-9_]+)?$", name)
    ]


def odd_access_rows(addon):
    path = addon / "security" / "ir.model.access.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    faults = [name for name, n in Counter(r["id"] for r in rows).items() if n > 1]
    for row in rows:
        model = row["model_id:id"].split(".")[-1].removeprefix("model_")
        if not row["id"].startswith(f"access_{model}_"):
            faults.append(row["id"])
        if not row["group_id:id"]:
            faults.append(f"{row['id']} names no group: everybody would have the right")
    return faults


RULES = (
    repeated_ids,
    prefixed_ids,
    odd_ids,
    odd_demo_ids,
    odd_menus,
    odd_access_rows,
)


@pytest.mark.parametrize("addon", EXISTING, ids=lambda addon: addon.name)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_ids(addon, rule):
    faults = rule(addon)
    assert not faults, report(faults)


@pytest.mark.parametrize(
    ("rule", "name", "text"),
    [
        (repeated_ids, "data/a.xml", "<record id='x' model='m'/>" * 2),
        (
            repeated_ids,
            "data/a.xml",
            "<record id='x' model='m'><field name='a'/></record>" * 2,
        ),
        (prefixed_ids, "data/a.xml", "<record id='cr_club.x' model='m'/>"),
        (odd_ids, "views/a.xml", "<record id='view_x' model='ir.ui.view'/>"),
        (odd_ids, "security/a.xml", "<record id='club_user' model='res.groups'/>"),
        (odd_demo_ids, "demo/a.xml", "<record id='x' model='m'/>"),
        (odd_menus, "views/a.xml", "<menuitem id='entry'/>"),
    ],
)
def test_faults_are_noticed(plant, rule, name, text):
    assert rule(plant({name: f"<odoo>{text}</odoo>"}))


def test_faults_in_access_rights_are_noticed(plant):
    head = "id,name,model_id:id,group_id:id,perm_read\n"
    rows = "access_cr_card_user,a,model_cr_card,group_x,1\nfree,a,model_cr_card,,1\n"
    addon = plant({"security/ir.model.access.csv": head + rows})
    assert [fault.split()[0] for fault in odd_access_rows(addon)] == ["free", "free"]
