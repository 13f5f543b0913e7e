"""Cast and builders of the tests about callbacks; not one test stands here."""

from datetime import date, datetime, timedelta

from odoo.fields import Command

from .common import DealershipCommon

# Friday, 10 o'clock in the store; UTC, as the server's clock runs.
NOW = "2026-11-20 02:00:00"


class CallbackCommon(DealershipCommon):
    """A store with one callback agent on duty, and rules that start in time."""

    TODAY = date(2026, 11, 20)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cr.callback.rule"].search([]).start_on = date(2026, 1, 1)
        cls.agent = cls.persona("agent")
        cls.head = cls.persona("head")
        cls.agent_role = cls.env.ref("cr_dealership.cr_role_callback_agent")
        cls.head_role = cls.env.ref("cr_dealership.cr_role_cr_head")
        cls.hold(cls.agent_role, cls.agent)
        cls.hold(cls.head_role, cls.head)
        cls.customer = cls.make_partner("Zeng Xiaoyan")
        cls.car = cls.make_vehicle(cls.customer)

    @classmethod
    def hold(cls, role, user, company=None, quota=30, **values):
        """Have a user hold a role since long ago."""
        return cls.env["cr.role.holder"].create(
            {
                "role_id": role.id,
                "user_id": user.id,
                "company_id": (company or cls.store).id,
                "date_from": date(2020, 1, 1),
                "daily_quota": quota,
                **values,
            }
        )

    @classmethod
    def second_agent(cls, number=2):
        """Return another callback agent of the store."""
        return cls.persona("agent").copy(
            {
                "login": f"cr_test_agent_{number}_{next(cls._numbers)}",
                "name": f"Test agent {number}",
                "company_id": cls.store.id,
                "company_ids": [Command.set(cls.store.ids)],
            }
        )

    @classmethod
    def make_callback(cls, partner=None, **values):
        """Return an open CSI callback due today."""
        partner = partner or cls.customer
        today = cls.TODAY
        return cls.env["cr.callback"].create(
            {
                "company_id": cls.store.id,
                "rule_id": cls.env.ref("cr_dealership.cr_callback_rule_csi").id,
                "kind": "csi",
                "role_id": cls.agent_role.id,
                "partner_id": partner.id,
                "anchor_on": today - timedelta(days=3),
                "earliest_on": today - timedelta(days=2),
                "due_on": today,
                "expires_on": today + timedelta(days=12),
                "origin_id": next(cls._numbers),
                "origin_model": "cr.service.order",
                "script_version_id": cls.env.ref(
                    "cr_dealership.cr_script_version_csi_1"
                ).id,
                **values,
            }
        )

    def take(self, callback, user=None):
        """Return the conversation of an agent who took the card."""
        callback = self.as_user(callback, user or self.agent)
        action = callback.action_take()
        return callback.env["cr.call.session"].browse(action["params"]["session_id"])

    def as_user(self, records, user):
        """Return records in the environment of a user of the store."""
        return records.with_user(user).with_context(
            allowed_company_ids=self.store.ids, tz="Asia/Shanghai"
        )

    def outcome(self, code):
        """Return an outcome by its code."""
        return self.env.ref(f"cr_dealership.cr_call_outcome_{code}")

    def finish(self, session, code, callbacks=None, **values):
        """Record an outcome without taking the next card."""
        values.setdefault("take_next", False)
        return session.set_outcome(
            self.outcome(code).id, callbacks.ids if callbacks else [], **values
        )

    @staticmethod
    def utc(day, hour, minute=0):
        """Return the UTC moment of a time in the store."""
        return datetime(day.year, day.month, day.day, hour, minute) - timedelta(hours=8)
