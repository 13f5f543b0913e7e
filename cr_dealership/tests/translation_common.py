"""The Chinese catalogue of an addon is held against its terms."""

import re
from collections import Counter

import polib

from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationModuleReader

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\w+\}")


class TranslationCases:
    """The catalogue is complete, current and consistent; beside a `TransactionCase`.

    `MODULE` names the addon.
    """

    MODULE = "cr_dealership"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.catalogue = polib.pofile(file_path(f"{cls.MODULE}/i18n/zh_CN.po"))
        cls.chinese = {
            entry.msgid.strip(): entry.msgstr.strip() for entry in cls.catalogue
        }
        cls.terms = [
            (source.strip(), value)
            for __, __, __, __, source, value, __ in TranslationModuleReader(
                cls.env.cr, [cls.MODULE], lang="zh_CN"
            )
        ]

    def test_every_term_has_a_chinese_text(self):
        missing = sorted(
            {source for source, __ in self.terms if not self.chinese.get(source)}
        )
        self.assertTrue(self.terms)
        self.assertFalse(missing, f"{len(missing)} terms have no Chinese text")

    def test_the_database_shows_the_chinese_text(self):
        lost = sorted(
            {
                source
                for source, value in self.terms
                if not value and self.chinese.get(source) not in (None, "", source)
            }
        )
        self.assertFalse(lost, "these texts stand in the catalogue but do not show")

    def test_placeholders_survive_translation(self):
        wrong = [
            entry.msgid
            for entry in self.catalogue
            if Counter(PLACEHOLDER.findall(entry.msgid))
            != Counter(PLACEHOLDER.findall(entry.msgstr))
        ]
        self.assertFalse(wrong)

    def test_the_catalogue_holds_nothing_stale(self):
        self.assertFalse(self.catalogue.obsolete_entries())
        self.assertFalse(self.catalogue.fuzzy_entries())
        sources = {source for source, __ in self.terms}
        stale = [
            entry.msgid
            for entry in self.catalogue
            if entry.msgid.strip() not in sources
        ]
        self.assertFalse(stale)
