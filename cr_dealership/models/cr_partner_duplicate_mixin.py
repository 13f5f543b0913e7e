import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import CR_USER
from ..tools.contact import phone_keys
from ..tools.identity import clean_id_number

# Files that look like those asked for: by number, ID number, name and plate.
_LOOKALIKE_QUERY = """
SELECT probe.id, array_agg(alike.id ORDER BY alike.id)
  FROM json_to_recordset(%(probes)s)
       AS probe(id integer, parent integer, numbers json, number varchar, name varchar)
 CROSS JOIN LATERAL (
       SELECT p.id FROM res_partner p
        WHERE p.active AND string_to_array(p.cr_phone_digits, ' ') && ARRAY(
              SELECT digits FROM json_array_elements_text(probe.numbers) AS digits
               WHERE length(digits) >= 7)
        UNION
       SELECT p.id FROM res_partner p
        WHERE p.active AND p.cr_id_number = probe.number AND probe.number != ''
        UNION
       SELECT twin.partner_id
         FROM cr_vehicle_role mine
         JOIN cr_vehicle_role twin ON twin.vehicle_id = mine.vehicle_id
         JOIN res_partner p ON p.id = twin.partner_id
        WHERE mine.partner_id = probe.id AND p.active
          AND lower(replace(p.name, ' ', '')) = lower(replace(probe.name, ' ', ''))
       ) AS alike
  JOIN res_partner other ON other.id = alike.id
 WHERE alike.id != probe.id
   AND other.commercial_partner_id IS DISTINCT FROM probe.parent
   AND NOT EXISTS (SELECT FROM res_company c WHERE c.partner_id = alike.id)
   AND NOT EXISTS (
       SELECT FROM cr_partner_duplicate known WHERE known.state = 'dismissed'
          AND known.partner_id = least(alike.id, probe.id)
          AND known.other_id = greatest(alike.id, probe.id))
 GROUP BY probe.id
"""


class CrPartnerDuplicateMixin(models.AbstractModel):
    """Warning, while a file is typed and after, that the customer is known (CUS-16)."""

    _name = "cr.partner.duplicate.mixin"
    _description = "Possible duplicates of a customer"

    cr_duplicate_count = fields.Integer(
        string="Possible duplicates",
        compute="_compute_cr_duplicate_count",
        groups=CR_USER,
    )

    # === COMPUTE === #

    @api.depends("name", "mobile", "phone", "cr_id_masked")
    def _compute_cr_duplicate_count(self):
        found = self._cr_find_lookalikes()
        for partner in self:
            partner.cr_duplicate_count = len(found.get(partner._origin.id, ()))

    # === ONCHANGE === #

    @api.onchange("name", "mobile", "phone", "cr_id_masked")
    def _onchange_cr_duplicate(self):
        """Tell who is known already under the number or name being typed."""
        if not self.env.user.has_group(CR_USER):
            return None
        ids = self._cr_find_lookalikes().get(self._origin.id, [])
        known = self.search([("id", "in", ids)], limit=3)
        if not known:
            return None
        return {
            "warning": {
                "title": self.env._("This customer may be known already"),
                "message": self.env._(
                    "Same number or name and plate as: %s. You can save all the same.",
                    ", ".join(known.mapped("display_name")),
                ),
                "type": "notification",
            }
        }

    # === ACTIONS === #

    def action_cr_open_duplicates(self):
        """Open the files that look like this one."""
        self.ensure_one()
        ids = self._cr_find_lookalikes().get(self.id, [])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Files like %s", self.name),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("id", "in", [self.id, *ids])],
        }

    # === BUSINESS === #

    def _cr_find_lookalikes(self):
        """Return the files that share a number, an ID number or name and car.

        Works for files that are not saved yet; they stand under the id False.

        :return: {partner id: ids of the other files}
        :rtype: dict[int, list[int]]
        """
        probes = [partner._cr_prepare_probe() for partner in self]
        if not probes:
            return {}
        self.env["res.partner"].flush_model()
        self.env["cr.vehicle.role"].flush_model()
        self.env["cr.partner.duplicate"].flush_model()
        rows = self.env.execute_query(
            SQL(_LOOKALIKE_QUERY, probes=json.dumps(probes))
        )
        return {id_ or False: ids for id_, ids in rows}

    def _cr_prepare_probe(self):
        """Return what one file is compared by."""
        self.ensure_one()
        # sudo: the ID number is closed to users; it is only compared.
        number = self._origin.sudo().cr_id_number or ""
        typed = self.cr_id_masked if self._cr_sees_masked_id() else False
        if typed and "*" not in typed:
            number = clean_id_number(typed)[0] or ""
        return {
            "id": self._origin.id or 0,
            "parent": self.commercial_partner_id._origin.id or None,
            "numbers": phone_keys(self.mobile, self.phone).split(),
            "number": number,
            "name": self.name or "",
        }

    @api.model
    def _cr_sees_masked_id(self):
        return self._has_field_access(self._fields["cr_id_masked"], "read")

    def _cr_prepare_merge(self, target):
        """Make the files in `self` fit to be merged into another one. Hook.

        Core moves every reference in one statement per table; rows that a unique
        index would refuse after the move have to give way before.

        :param target: the file that stays
        """
        people = (self | target).ids
        self._cr_refuse_merge_in_call(people)
        today = fields.Date.context_today(self)
        # sudo: whoever merges need not have rights on every table that points here.
        self.env["cr.partner.duplicate"].sudo().search(
            ["|", ("partner_id", "in", self.ids), ("other_id", "in", self.ids)]
        ).unlink()
        wishes = (
            self.env["cr.contact.preference"]
            .sudo()
            .search([("partner_id", "in", people), ("date_to", "=", False)])
        )
        groups = wishes.grouped(lambda wish: wish._get_key()[1:])
        for alike in groups.values():
            # The stricter wish wins, of equal ones the later.
            keep = alike.sorted(lambda wish: (wish.state != "refused", -wish.id))[:1]
            (alike - keep)._end(today)
        lost = (
            self.env["cr.lost.contact"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", people),
                    ("state", "in", ("open", "searching")),
                ],
                order="opened_on, id",
            )
        )
        for cases in lost.grouped("company_id").values():
            cases[1:].write({"state": "given_up"})

    @api.model
    def _cr_refuse_merge_in_call(self, partner_ids):
        """Refuse a merge while somebody talks with one of the customers."""
        # sudo: a conversation of another store counts as well.
        session = (
            self.env["cr.call.session"]
            .sudo()
            .search(
                [("partner_id", "in", partner_ids), ("closed_at", "=", False)], limit=1
            )
        )
        if session:
            raise UserError(
                self.env._(
                    "%(agent)s is talking with %(customer)s right now, so the files"
                    " cannot be merged. Try again when the call is over.",
                    agent=session.agent_id.name,
                    customer=session.partner_id.name,
                )
            )
