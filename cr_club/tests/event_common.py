"""Cast and builders of the tests of events; not one test stands here."""

import base64
from datetime import date, datetime

from .club_common import ClubCommon

FILE = base64.b64encode(b"Plan")


class EventCommon(ClubCommon):
    """A care class on 20 December with three seats, at 10 o'clock in Shanghai."""

    BEGIN = datetime(2026, 12, 20, 2, 0)
    DAY = date(2026, 12, 20)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Texts and tasks are read here in the language of the source.
        cls.env["res.lang"]._activate_lang("en_US")
        (cls.store | cls.other_store).cr_message_lang = "en_US"
        cls.event = cls.make_event()

    @classmethod
    def kind(cls, code="care_class"):
        return cls.env.ref(f"cr_club.event_type_{code}")

    @classmethod
    def make_event(cls, code="care_class", company=None, **values):
        """Return an event that lacks nothing but its list."""
        return cls.env["event.event"].create(
            {
                "name": f"Test {code}",
                "event_type_id": cls.kind(code).id,
                "company_id": (company or cls.store).id,
                "date_begin": cls.BEGIN,
                "seats_limited": True,
                "seats_max": 3,
                "cr_place": "Training room",
                "cr_plan_file": FILE,
                "cr_budget": 3000,
                "cr_host_ids": [(6, 0, cls.persona("specialist").ids)],
                "cr_lesson_ids": [
                    (0, 0, {"name": "Oil and tyres", "courseware": FILE})
                ],
                **values,
            }
        )

    @classmethod
    def make_guest(cls, partner=None, event=None, **values):
        return cls.env["cr.event.invitation"].create(
            {
                "event_id": (event or cls.event).id,
                "partner_id": (partner or cls.make_partner()).id,
                **values,
            }
        )

    @classmethod
    def make_guests(cls, count, event=None):
        return cls.env["cr.event.invitation"].union(
            *(cls.make_guest(event=event) for _number in range(count))
        )

    def begin_inviting(self, event=None):
        """Take an event on to inviting."""
        (event or self.event).action_cr_invite()

    def finish_tasks(self, event=None):
        """Do all tasks of the preparation that stand before day N."""
        for task in (event or self.event)._get_open_tasks():
            task.action_feedback()
