import ast
import copy
import pathlib
import pickle

from odoo.tests import BaseCase, tagged

from ..tools import errors


@tagged("post_install", "-at_install")
class TestErrors(BaseCase):
    """Codes are complete, unique and carried by one error."""

    def test_every_code_that_a_tool_raises_is_listed(self):
        raised = set()
        for path in pathlib.Path(errors.__file__).parent.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") == "RuleError"
                ):
                    raised.add(node.args[0].value)
        self.assertTrue(raised)
        self.assertLessEqual(raised, set(errors.REASON_CODES))

    def test_codes_are_unique(self):
        for codes in (errors.NOTE_CODES, errors.REASON_CODES):
            self.assertEqual(len(codes), len(set(codes)))

    def test_error_carries_code_and_facts(self):
        error = errors.RuleError("date", value="x")
        for twin in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
            self.assertEqual((twin.code, twin.params), ("date", {"value": "x"}))
            self.assertEqual(str(twin), "date")
        self.assertEqual(errors.RuleError("date").params, {})
        self.assertIsInstance(error, ValueError)
