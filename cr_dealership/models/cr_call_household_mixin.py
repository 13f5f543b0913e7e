from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from ..const import BLOCK_TEXTS, DUE_KINDS
from ..const_care import HOUSEHOLD_DAYS, LIVE_CASE_STATES

# Outcomes of a call in which somebody was spoken to.
_SPOKEN = ("reached", "refused", "appointment")
# Where a car keeps each of its due dates.
_DUE_FIELDS = {
    "first_service": "first_service_on",
    "maintenance": "service_on",
    "insurance": "insurance_on",
    "inspection": "inspection_on",
}


class CrCallHouseholdMixin(models.AbstractModel):
    """One conversation, many due items: the customer's lines and his household's.

    (REL-26.) Each line is answered by itself. The ledger of contacts gets a row for the
    customer and for each member who was spoken to himself, not one per line.
    """

    _name = "cr.call.household.mixin"
    _description = "Conversation: household"

    # === WHAT IS DUE === #

    def _get_members(self):
        """Return the customer with his household."""
        partner = self.partner_id
        return partner | partner._cr_get_household()[partner.id]

    def _get_household_cases(self, members):
        """Return the live cases of the household that fall due within the next weeks,
        those set aside or waiting for their list among them.

        :param members: see `_get_members`
        """
        cases = self.env["cr.care.case"]
        if not cases.has_access("read"):
            return cases
        return cases.search(
            [
                ("partner_id", "in", members.ids),
                ("state", "in", LIVE_CASE_STATES),
                ("anchor_on", "<=", cases._get_today() + timedelta(HOUSEHOLD_DAYS)),
            ],
            order="anchor_on, id",
        )

    def _filter_lines(self, cases):
        """Return the cases that may be spoken about and have no card in this call."""
        called = self._get_open_callbacks()._get_care_cases().values()
        called_ids = {case.id for case in called}
        return cases.filtered(
            lambda case: case.id not in called_ids
            and not case.is_holdout
            and case.plan_id.stop_on != "none"
            and (case.confirmed_on or not case.plan_id.needs_confirmation)
        )

    def _get_household_lines(self, cases):
        """Return a line for each case to be answered, the customer's own first.

        The number of queries does not depend on how large the household is.

        :param cases: see `_get_household_cases`
        :return: [{"case_id", "partner_id", "who": empty for the customer, "plate",
            "text", "due_text", "answers", "block": why he is not asked, or empty}]
        """
        lines = self._filter_lines(cases)
        blocks = lines._get_call_blocks(self.partner_id)
        answers = lines._get_answers()
        own = self.partner_id
        return [
            {
                "case_id": case.id,
                "partner_id": case.partner_id.id,
                "who": "" if case.partner_id == own else case.partner_id.name or "",
                "plate": case.plate or "",
                "text": case.reason_text,
                "due_text": case.due_text,
                "answers": answers[case.id] if case.id not in blocks else [],
                "block": self._get_line_block(blocks.get(case.id)),
            }
            for case in lines.sorted(lambda case: case.partner_id != own)
        ]

    def _get_line_block(self, code):
        """Return why a line must not be spoken about, or an empty text."""
        return self.env._(BLOCK_TEXTS[code]) if code else ""

    def _get_household_due(self, members, cases):
        """Return the due dates of the household's cars that no case speaks of.

        :param members: see `_get_members`
        :param cases: see `_get_household_cases`; who is set aside by lot is not
            reminded in a call about something else
        """
        today = self.env["cr.callback"]._get_today()
        until = today + timedelta(days=HOUSEHOLD_DAYS)
        spoken = {(case.vehicle_id.id, case.subject) for case in cases}
        cars = self.env["cr.vehicle"].search(
            [
                ("due_on", "<=", until),
                "|",
                ("owner_id", "in", members.ids),
                ("driver_id", "in", members.ids),
            ]
        )
        lines = [
            (car[_DUE_FIELDS[kind]], car, kind)
            for car in cars
            for kind, _label in DUE_KINDS
            if car[_DUE_FIELDS[kind]]
            and car[_DUE_FIELDS[kind]] <= until
            and (car.id, kind) not in spoken
        ]
        labels = dict(cars._fields["due_kind"]._description_selection(self.env))
        return [
            {
                "label": f"{car.plate or car.vin} · {labels[kind]}",
                "text": self._get_distance_text(day, today),
                "model": "cr.vehicle",
                "res_id": car.id,
            }
            for day, car, kind in sorted(lines, key=lambda line: (line[0], line[1].id))
        ]

    def _get_distance_text(self, day, today):
        """Return a due day with the days until it, in words."""
        text = self.env["cr.callback"]._format_day(day)
        days = (day - today).days
        if days < 0:
            return self.env._("%(day)s (%(days)s days ago)", day=text, days=-days)
        return self.env._("%(day)s (in %(days)s days)", day=text, days=days)

    # === WHAT WAS SAID === #

    def _check_household(self, outcome, case_answers, spoken_ids):
        """Return what was answered and who was spoken to, checked once more.

        :param dict case_answers: {case id: {"reason_id", "note"}}
        :param list spoken_ids: ids of the members spoken to beside the customer
        :return: ({case: (reason, note)}, members)
        """
        answers = {
            int(case_id): answer
            for case_id, answer in (case_answers or {}).items()
            if answer.get("reason_id")
        }
        members = self._get_members()
        others = members - self.partner_id
        spoken = others.filtered(lambda member: member.id in set(spoken_ids or ()))
        if not answers and not spoken:
            return {}, spoken
        if outcome.kind not in _SPOKEN:
            raise UserError(
                self.env._(
                    "“%(outcome)s” means that nobody was spoken to; take the answers"
                    " for the household away, or choose how the talk ended.",
                    outcome=outcome.name,
                )
            )
        offered = self._filter_lines(self._get_household_cases(members))
        blocks = offered._get_call_blocks(self.partner_id)
        cases = offered.filtered(
            lambda case: case.id in answers and case.id not in blocks
        )
        if len(cases) != len(answers):
            raise UserError(
                self.env._(
                    "What is due in the household of %(customer)s changed meanwhile;"
                    " load the page again.",
                    customer=self.partner_id.name,
                )
            )
        reasons = self.env["cr.care.reason"]
        return {
            case: (reasons.browse(answers[case.id]["reason_id"]), answers[case.id])
            for case in cases
        }, spoken

    def _record_household(self, attempt, answers, cards):
        """Keep what was said to each line; its own card is done by it.

        :param attempt: the call
        :param dict answers: see `_check_household`
        :param cards: open cards of the lines that were answered
        """
        if not answers:
            return
        cards._apply_attempt(attempt, "reached")
        cases = self.env["cr.care.case"].union(*answers)
        told = {case.id for case in cards._get_care_cases().values()}
        cases.filtered(lambda case: case.id not in told)._add_contact(
            cards._to_local(attempt.at).date(), True, attempt.agent_id
        )
        for case, (reason, answer) in answers.items():
            case._record_answer(reason, answer.get("note"))
