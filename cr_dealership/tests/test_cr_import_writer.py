from odoo.tests import tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install")
class TestCrImportWriter(ImportCommon):
    def setUp(self):
        super().setUp()
        self.batch = self.env["cr.import.batch"].create({"name": "texts.csv"})

    def test_every_character_arrives_as_it_was(self):
        """Texts hold what COPY takes for its own; only the zero character goes."""
        texts = [
            "plain 刘晓燕",
            "\\N",
            "\\.",
            "a\\b\tc\nd\re",
            "\x1f",
            "\x1e",
            "one\x1ftwo\x1ethree",
            "",
            None,
        ]
        ids = self.env["cr.import.writer"]._insert(
            "cr.import.row",
            [
                {
                    "batch_id": self.batch.id,
                    "line": line,
                    "state": "ready",
                    "is_doubtful": line % 2 == 0,
                    "number": text,
                }
                for line, text in enumerate([*texts, "ze\0ro"])
            ],
        )
        rows = self.env["cr.import.row"].browse(ids)
        self.assertEqual(rows.mapped("number"), [*texts[:-1], False, "zero"])
        self.assertEqual(rows.mapped("line"), list(range(len(ids))))
        self.assertEqual(rows.mapped("is_doubtful")[:2], [True, False])
