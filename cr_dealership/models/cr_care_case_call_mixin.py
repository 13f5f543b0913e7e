from odoo import api, models
from odoo.tools import SQL

from ..const import OPEN_CALLBACK_STATES


class CrCareCaseCallMixin(models.AbstractModel):
    """What a conversation asks of the cases: answers, consent, cards that are free."""

    _name = "cr.care.case.call.mixin"
    _description = "Care case: calls"

    def _get_answers(self):
        """Return {case id: answers to choose from}.

        :return: {id: [{"id", "name", "needs_note", "next_step"}]}
        """
        if not self:
            return {}
        reasons = self.env["cr.care.reason"].search([("is_for_care", "=", True)])
        return {
            case.id: [
                {
                    "id": reason.id,
                    "name": reason.name,
                    "needs_note": reason.needs_note,
                    "next_step": reason.next_step or "",
                }
                for reason in reasons
                if reason._is_offered_for(case.subject)
            ]
            for case in self
        }

    def _get_call_blocks(self, spoken_to):
        """Return which cases must not be spoken about, in one query.

        A member without a telephone of his own can be spoken about all the same: it is
        not he who is dialled.

        :param spoken_to: `res.partner` who is on the telephone
        :return: {case id: code of `BLOCK_REASONS`}
        """
        if not self:
            return {}
        preferences = self.env["cr.contact.preference"]
        preferences._flush_blocks()
        self.flush_recordset(["partner_id", "vehicle_id", "plan_id"])
        code = preferences._blocked_sql(
            SQL("p.purpose"),
            "phone",
            SQL("c.partner_id"),
            SQL("c.vehicle_id"),
            self._get_today(),
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, code FROM (
                    SELECT c.id, c.partner_id, %(code)s AS code
                      FROM cr_care_case c JOIN cr_care_plan p ON p.id = c.plan_id
                     WHERE c.id = ANY(%(cases)s)) line
                 WHERE code IS NOT NULL
                   AND (code <> 'no_phone' OR partner_id = %(customer)s)
                """,
                code=code,
                cases=self.ids,
                customer=spoken_to.id,
            )
        )
        return dict(rows)

    def _get_free_cards(self):
        """Return the open cards of the cases whose customers nobody else talks to."""
        # Raised rights: the card may be a colleague's; the talk has settled it.
        tasks = self.sudo().task_ids.filtered(
            lambda task: task.state == "ready" and task.channel == "call"
        )
        cards = self.env["cr.callback"].sudo().search(
            [
                ("state", "in", OPEN_CALLBACK_STATES),
                *self._get_origin_domain(tasks),
            ]
        )
        talking = self.env["cr.call.session"].sudo().search(
            [("partner_id", "in", cards.partner_id.ids), ("closed_at", "=", False)]
        )
        busy = talking.filtered(lambda talk: talk.agent_id != self.env.user).partner_id
        return cards.filtered(lambda card: card.partner_id not in busy).sudo(False)

    @api.model
    def _get_origin_domain(self, tasks):
        """Return the domain of the cards that steps brought."""
        return [("origin_model", "=", tasks._name), ("origin_id", "in", tasks.ids)]
