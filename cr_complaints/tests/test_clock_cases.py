import csv
from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools.misc import file_path

from odoo.addons.cr_complaints.models.cr_complaint_clock import make_spans
from odoo.addons.cr_complaints.tools.complaint_log import ALWAYS, Line, state_of

from .complaint_common import ComplaintCommon

_OFFICE = {day: ((8, 12), (13, 17)) for day in range(5)}
_SHOP = {**{day: ((8.5, 12), (13.5, 18)) for day in range(6)}, 6: ((9, 16),)}
_UTC_8 = timedelta(hours=8)


@tagged("post_install", "-at_install")
class TestClockCases(ComplaintCommon):
    """The table that a manager reads and checks: doc/clock_cases.csv (CPL-31).

    Store calendar and log on the left, deadline on the right, by the store's clock in
    2026, with that year's holidays and make-up days. The deadlines were counted minute
    by minute by another program.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendars = {
            "office": cls.make_calendar("Office", _OFFICE),
            "shop": cls.make_calendar("Shop", _SHOP),
        }
        for calendar in cls.calendars.values():
            calendar._cr_load_year(2026)

    @classmethod
    def make_calendar(cls, name, hours):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "company_id": cls.store.id,
                "tz": "Asia/Shanghai",
                "attendance_ids": [(5, 0, 0)]
                + [
                    (0, 0, {
                        "name": name,
                        "dayofweek": str(day),
                        "hour_from": start,
                        "hour_to": end,
                        "day_period": "morning" if start < 12 else "afternoon",
                    })
                    for day, spans in hours.items()
                    for start, end in spans
                ],
            }
        )

    def key(self, name):
        return ALWAYS if name == ALWAYS else self.calendars[name].id

    def read_line(self, text, row):
        kind, day, hour, *value = text.split()
        at = datetime.strptime(f"2026-{day} {hour}", "%Y-%m-%d %H:%M") - _UTC_8
        if kind in ("received", "reopened"):
            hours = {"solve": float(row["hours"])}
            return Line(at, kind, hours, self.key(row["calendar"]))
        if kind == "graded":
            return Line(at, kind, {"solve": float(value[0])})
        if kind == ALWAYS:
            return Line(at, "graded", {"solve": float(value[0])}, ALWAYS)
        if kind == "calendar":
            return Line(at, kind, None, self.key(value[0]))
        return Line(at, kind)

    def test_every_row_of_the_table(self):
        spans = make_spans(self.env["resource.calendar"])
        with open(file_path("cr_complaints/doc/clock_cases.csv")) as table:
            rows = list(csv.DictReader(table))
        self.assertGreaterEqual(len(rows), 40)
        for row in rows:
            lines = [self.read_line(text, row) for text in row["events"].split(" | ")]
            deadline = state_of("solve", lines, spans).deadline + _UTC_8
            with self.subTest(case=row["case"]):
                self.assertEqual(f"{deadline:%m-%d %H:%M}", row["deadline"])
