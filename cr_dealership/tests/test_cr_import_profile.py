from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .import_common import COLUMNS, NOW, ImportCommon, make_xlsx


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCrImportProfile(ImportCommon):
    """A profile learns how another system names its columns (VEH-12)."""

    # Names that no profile knows, in another order.
    STRANGE = {
        "vin": "Frame",
        "number": "Job card",
        "in_at": "Gate time",
        "name": "Keeper",
        "phone": "Dial",
        "amount_total": "Sum due",
    }

    def strange_file(self, *rows):
        """Return a file whose header no profile knows."""
        lines = [list(self.STRANGE.values())]
        lines += [[row[field] for field in self.STRANGE] for row in rows]
        return make_xlsx(lines)

    def strange_mapping(self):
        """Return which column of the strange file holds what."""
        return {field: index for index, field in enumerate(self.STRANGE)}

    def receive_strange(self, *rows):
        """Hand a strange file in and choose the profile of work orders."""
        batch = self.receive(self.strange_file(*rows))
        if batch.state == "draft":
            profile = self.env.ref("cr_dealership.cr_import_profile_order")
            batch.action_analyse(profile.id)
        return batch

    def test_unknown_names_are_mapped_by_a_person(self):
        batch = self.receive_strange(self.order("RO-1"))
        self.assertEqual((batch.state, batch.kind), ("draft", "order"))
        names = [column["name"] for column in batch.get_page()["columns"]]
        self.assertEqual(names, list(self.STRANGE.values()))
        batch.action_stage(self.strange_mapping())
        self.load(batch)
        self.assertEqual((batch.state, batch.new_count), ("done", 1))
        self.assertEqual(self.find_order("RO-1").amount_total, 500.5)

    def test_the_next_file_of_the_shape_starts_at_the_check(self):
        batch = self.receive_strange(self.order("RO-1"))
        batch.action_stage(self.strange_mapping())
        self.load(batch)
        again = self.receive_strange(self.order("RO-2", 2))
        self.assertEqual((again.state, again.kind), ("staging", "order"))
        self.work(again)
        self.assertEqual((again.state, again.ready_count), ("checked", 1))

    def test_learnt_names_are_found_in_another_order(self):
        batch = self.receive_strange(self.order("RO-1"))
        batch.action_stage(self.strange_mapping())
        fields = list(reversed(self.STRANGE))
        row = self.order("RO-2")
        lines = [
            [self.STRANGE[field] for field in fields],
            [row[field] for field in fields],
        ]
        again = self.receive(make_xlsx(lines))
        self.assertEqual((again.state, again.kind), ("draft", "order"))
        self.assertEqual(again.mapping, {f: n for n, f in enumerate(fields)})

    def test_what_should_not_be_remembered_is_not(self):
        batch = self.receive_strange(self.order("RO-1"))
        batch.action_stage(self.strange_mapping(), remember=False)
        self.load(batch)
        again = self.receive_strange(self.order("RO-2", 2))
        self.assertEqual(again.state, "draft")
        self.assertFalse(again.mapping)

    def test_a_name_given_to_another_field_does_not_lead_back(self):
        profile = self.env.ref("cr_dealership.cr_import_profile_order")
        batch = self.receive(make_xlsx(self.sheet("order", self.order("RO-1"))))
        mapping = dict(batch.mapping)
        mapping["next_on"] = mapping.pop("out_at")
        batch.action_stage(mapping)
        aliases = profile._get_aliases()
        self.assertIn(COLUMNS["order"]["out_at"], aliases["next_on"])
        self.assertNotIn(COLUMNS["order"]["out_at"], aliases["out_at"])

    def test_columns_without_a_field_can_be_kept(self):
        names = {**COLUMNS["order"], "bay": "工位"}
        row = {**self.order("RO-1"), "bay": "Bay 7"}
        lines = [list(names.values()), [row[field] for field in names]]
        batch = self.receive(make_xlsx(lines))
        batch.action_stage(dict(batch.mapping), kept=[len(names) - 1])
        self.load(batch)
        key = self.env["cr.import.key"].search([("number", "=", "RO-1")])
        self.assertEqual(key.extra, {"工位": "Bay 7"})

    def test_a_field_of_another_kind_has_no_place(self):
        profile = self.env.ref("cr_dealership.cr_import_profile_policy")
        with self.assertRaisesRegex(ValidationError, "belongs to another kind of file"):
            profile.column_ids = [(0, 0, {"field_code": "odometer_km"})]

    def test_numbers_are_unique_within_a_system(self):
        self.bring("order", self.order("RO-1", 1))
        profile = self.env.ref("cr_dealership.cr_import_profile_order")
        other = profile.copy({"name": "Tyre shop", "system": "tyres", "sequence": 1})
        batch = self.receive(make_xlsx(self.sheet("order", self.order("RO-1", 2))))
        self.work(batch)
        batch.action_choose_columns()
        batch.action_analyse(other.id)
        self.load(batch)
        self.assertEqual((batch.profile_id, batch.new_count), (other, 1))
        systems = self.find_order("RO-1").mapped("system")
        self.assertEqual(sorted(systems), ["dms", "tyres"])

    def test_only_heads_and_administrators_change_profiles(self):
        profile = self.env.ref("cr_dealership.cr_import_profile_order")
        self.as_persona(profile, "head").name = "Renamed"
        for role in ("specialist", "sales", "insurance"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_persona(profile, role).name = "Renamed again"
