from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_amount

from ..const import ORGANIZATION_WEIGHTS, PERSON_WEIGHTS
from ..tools.classes import completeness
from .cr_call_result_mixin import EDITABLE_FIELDS

_HISTORY_LENGTH = 12


class CrCallWorkplaceMixin(models.AbstractModel):
    """What the call workplace shows, in one answer."""

    _name = "cr.call.workplace.mixin"
    _description = "Conversation: workplace"

    def get_workplace(self):
        """Return all that the call workplace shows for this conversation.

        :return: {"session", "customer", "callbacks", "household_lines",
            "household_due", "history", "outcomes", "alerts"}; see the methods below
            and of the household for their content
        """
        self._check_mine()
        callbacks = self._get_open_callbacks()
        today = callbacks._get_today()
        remarks = self.env["cr.script.remark"]._get_remarks(today)
        least_tries = self.env["cr.call.outcome"]._get_least_tries()
        answers = callbacks._get_answers()
        interviews = self._get_interviews(callbacks)
        members = self._get_members()
        household = self._get_household_cases(members)
        return {
            "session": {
                "id": self.id,
                "partner_id": self.partner_id.id,
                "started_at": fields.Datetime.to_string(self.started_at),
                "note": self.note or "",
                "draft": self.draft or {},
            },
            "customer": self._get_customer_data(),
            "callbacks": [
                {
                    **self._get_callback_data(callback),
                    "max_attempts": callback.last_outcome_id.max_attempts
                    or least_tries,
                    "script": self._get_script(callback, remarks),
                    "answers": answers.get(callback.id, []),
                    "interview": interviews.get(callback.id, False),
                }
                for callback in callbacks
            ],
            "household_lines": self._get_household_lines(household),
            "household_due": self._get_household_due(members, household),
            "history": self._get_history(),
            "outcomes": self._get_outcome_data(callbacks),
            "alerts": self._get_alerts(callbacks),
        }

    # === CUSTOMER === #

    def _get_customer_data(self):
        """Return {"id", "name", "title", "stage", "classes", "phones", "consent",
        "preferred_hours", "completeness", "missing", "verified_on"}."""
        partner = self.partner_id
        day = self.env["cr.callback"]._format_day
        return {
            "id": partner.id,
            "name": partner.name,
            "title": self._get_title(),
            "stage": self._get_label(partner, "cr_stage"),
            "classes": [
                label
                for name in ("cr_value_class", "cr_frequency_class", "cr_need_class")
                if (label := self._get_label(partner, name))
            ],
            "phones": self._get_phones(),
            "consent": partner._cr_consent_summary().get(partner.id, []),
            "preferred_hours": partner.cr_preferred_hours or "",
            "completeness": partner.cr_completeness,
            "missing": self._get_missing(),
            "verified_on": partner.cr_verified_on and day(partner.cr_verified_on) or "",
        }

    def _get_title(self):
        """Return how to address the customer."""
        partner = self.partner_id
        if partner.is_company or not partner.cr_gender:
            return ""
        if partner.cr_gender == "female":
            return self.env._("Ms.")
        return self.env._("Mr.")

    def _get_label(self, record, name):
        """Return the label of a selection's value, or an empty text."""
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], "")

    def _get_missing(self):
        """Return the empty fields of the file that can be filled in the call."""
        partner = self.partner_id
        weights = ORGANIZATION_WEIGHTS if partner.is_company else PERSON_WEIGHTS
        values = {name: partner[name] for name in weights if name in EDITABLE_FIELDS}
        _percent, missing = completeness(
            values, {name: weights[name] for name in values}
        )
        return [
            {"field": name, **self._get_field_data(partner._fields[name])}
            for name in missing
        ]

    def _get_field_data(self, field):
        """Return label, type and choices of a field for its input in the call."""
        data = {"label": field._description_string(self.env), "type": field.type}
        if field.type == "selection":
            data["options"] = field._description_selection(self.env)
        return data

    # === CALLBACKS === #

    def _get_callback_data(self, callback):
        """Return one callback with its car, work order and calls."""
        return {
            "id": callback.id,
            "kind": callback.kind,
            "kind_label": self._get_label(callback, "kind"),
            "reason": callback._get_reason(),
            "due_text": callback.due_text,
            "is_late": callback.is_late,
            "state": callback.state,
            "attempts": [
                {
                    "at_text": callback._format_moment(attempt.at),
                    "outcome": attempt.outcome_id.name,
                    "part": attempt.part_id.name or "",
                }
                for attempt in callback.attempt_ids.sorted("at")
            ],
            "vehicle": self._get_vehicle_data(callback.vehicle_id),
            "order": self._get_order_data(callback.order_id),
            "problem": callback._get_problem_data(),
            "checked": callback.earliest_on <= callback._get_today()
            and not callback.block_code,
        }

    def _get_vehicle_data(self, vehicle):
        """Return plate, model, estimated kilometres and what is due, or False."""
        return bool(vehicle) and {
            "id": vehicle.id,
            "plate": vehicle.plate or "",
            "model": vehicle.model_id.name or "",
            "km": vehicle.estimated_km,
            "due_reason": vehicle.due_reason or "",
        }

    def _get_order_data(self, order):
        """Return what the shop did, the amount only for who may see prices."""
        if not order:
            return False
        may_see = self.env.user.has_group("cr_dealership.group_cr_dealership_price")
        day = self.env["cr.callback"]._format_day
        return {
            "id": order.id,
            "number": order.number,
            "out_on": day(order.out_on) if order.out_on else "",
            "type": order.type_id.name,
            "amount": may_see
            and format_amount(self.env, order.amount_total, order.currency_id),
            "words": order.customer_words or "",
        }

    def _get_script(self, callback, remarks):
        """Return the lines to read, filled in for this customer and car."""
        values = {
            "customer": self.partner_id.name,
            "title": self._get_title(),
            "plate": callback.plate,
            "model": callback.model_id.name,
            "agent": self.env.user.name,
            "store": callback.company_id.name,
            "date": callback._format_day(callback.anchor_on),
            "order": callback.order_id.number,
        }
        return callback.script_version_id._get_script(
            values, remarks._filter_kind(callback.kind)
        )

    # === AROUND THE CALL === #

    def _get_history(self):
        """Return the last things of the customer's story, newest first."""
        # A cursor beyond the newest entry leaves out the head of the story.
        later = fields.Datetime.now() + timedelta(days=1)
        story = self.env["cr.story"].get_story(
            "res.partner",
            self.partner_id.id,
            before=[fields.Datetime.to_string(later), 0, 0],
            limit=_HISTORY_LENGTH,
        )
        day = self.env["cr.callback"]._format_day
        return [
            {
                "at_text": " ".join(
                    filter(
                        None,
                        (day(fields.Date.to_date(entry["day"])), entry["time"]),
                    )
                ),
                "icon": entry["icon"],
                "text": " · ".join(filter(None, (entry["title"], entry["text"]))),
                "model": entry["model"],
                "res_id": entry["res_id"],
            }
            for entry in story["entries"]
        ]

    def _get_outcome_data(self, callbacks):
        """Return the outcomes with the next try that each would bring."""
        now = fields.Datetime.now()
        answers = []
        for outcome in self.env["cr.call.outcome"].search([("active", "=", True)]):
            at, is_last = None, outcome.kind == "wrong"
            if outcome.kind == "retry":
                at, is_last = callbacks._get_next_try(outcome, now)
            answers.append(
                {
                    "id": outcome.id,
                    "code": outcome.code,
                    "key": outcome.key,
                    "name": outcome.name,
                    "kind": outcome.kind,
                    "suggested_at": at and fields.Datetime.to_string(at),
                    "suggested_text": callbacks._format_moment(at) if at else "",
                    "is_last": is_last,
                }
            )
        return answers

    def _get_alerts(self, callbacks):
        """Return what the agent must know before he speaks."""
        alerts = []
        if callbacks._has_open_complaint():
            alerts.append(
                {
                    "level": "danger",
                    "text": self.env._("This customer has an open complaint."),
                }
            )
        alerts += self._get_problem_alerts()
        for work in callbacks.vehicle_id.declined_ids:
            if work.state == "open" and work.safety == "safety":
                alerts.append(
                    {
                        "level": "warning",
                        "text": self.env._(
                            "Safety work was declined: %(work)s", work=work.name
                        ),
                    }
                )
        alerts += [
            {"level": "warning", "text": callback._get_block_text(callback.block_code)}
            for callback in callbacks
            if callback.block_code
        ]
        if self._is_birthday():
            alerts.append(
                {"level": "info", "text": self.env._("Today is the birthday.")}
            )
        return alerts

    def _get_problem_alerts(self):
        """Return the open problems of the customer, those of this call too (CB-22)."""
        # Raised rights: the agent is to know what the customer waits for.
        problems = self.env["cr.problem"].sudo().search(
            [("partner_id", "=", self.partner_id.id), ("state", "!=", "closed")]
        )
        return [
            {
                "level": "warning",
                "text": self.env._(
                    "Open problem: %(problem)s (%(department)s)",
                    problem=problem.name,
                    department=problem.department_id.name,
                ),
            }
            for problem in problems
        ]

    def _is_birthday(self):
        """Return whether the customer's birthday is today."""
        birthday = self.partner_id.birthdate_date
        today = self.env["cr.callback"]._get_today()
        return bool(birthday) and (birthday.month, birthday.day) == (
            today.month,
            today.day,
        )
