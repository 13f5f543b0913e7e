"""The running system is held against the table of rights of an addon."""

import csv

from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools.misc import file_path

_OPERATIONS = {"c": "create", "r": "read", "u": "write", "d": "unlink"}


class RightsCases:
    """What every addon's table is asked (SEC-01, SEC-02); beside a test class of ours.

    `MODULE` names the addon; `NO_STORE_RULE` the models with a store whose rows are not
    a store's secret.
    """

    MODULE = "cr_dealership"
    NO_STORE_RULE = frozenset()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(file_path(f"{cls.MODULE}/doc/rights.csv")) as table:
            cls.rows = {row.pop("model"): row for row in csv.DictReader(table)}
        cls.users = {
            role: cls.persona(role)
            for role in next(iter(cls.rows.values()))
            if role not in ("internal", "portal")
        }
        for role, group in (("internal", "user"), ("portal", "portal")):
            cls.users[role] = new_test_user(
                cls.env, login=f"cr_rights_{role}", groups=f"base.group_{group}"
            )

    def test_every_model_stands_in_the_table(self):
        models = {
            name
            for name, model in self.env.items()
            if name.startswith("cr.")
            and not model._abstract
            and model._original_module == self.MODULE
        }
        self.assertEqual(models, {name for name in self.rows if name[:3] == "cr."})
        gone = {name for name in self.rows if name not in self.env}
        self.assertEqual(gone, set())

    def test_each_role_may_do_what_the_table_says_and_nothing_else(self):
        for name, row in self.rows.items():
            for role, letters in row.items():
                model = self.env[name].with_user(self.users[role])
                actual = "".join(
                    letter
                    for letter, operation in _OPERATIONS.items()
                    if model.has_access(operation)
                )
                with self.subTest(model=name, role=role):
                    self.assertEqual(actual or "-", letters)

    def test_what_is_refused_is_refused_in_fact(self):
        """Not only by the question, but when somebody tries."""
        for name, row in self.rows.items():
            for role, letters in row.items():
                if "r" in letters:
                    continue
                with self.subTest(model=name, role=role):
                    with self.assertRaises(AccessError):
                        self.env[name].with_user(self.users[role]).search([], limit=1)

    def test_every_model_with_a_store_has_a_rule_for_it(self):
        for name in self.rows:
            model = self.env[name]
            if (
                name in self.NO_STORE_RULE
                or not name.startswith("cr.")
                or model._transient
                or "company_id" not in model._fields
            ):
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", name), ("groups", "=", False)]
            )
            texts = " ".join(filter(None, rules.mapped("domain_force")))
            self.assertIn("company_ids", texts, name)
