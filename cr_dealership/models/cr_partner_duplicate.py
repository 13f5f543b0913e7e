from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

HEAD = "cr_dealership.group_cr_dealership_head"

# Every kind of likeness as rows (partner_id, key); files with the same key belong
# together. `who` are the active partners that may be compared.
_KEY_QUERIES = {
    "phone": """
        SELECT who.id, part AS key
          FROM who, unnest(string_to_array(who.cr_phone_digits, ' ')) AS part
         WHERE length(part) >= 7""",
    "id_number": """
        SELECT who.id, who.cr_id_number FROM who WHERE who.cr_id_number != ''""",
    "name_plate": """
        SELECT DISTINCT who.id, who.bare_name || ' ' || car.plate
          FROM who
          JOIN cr_vehicle_role role ON role.partner_id = who.id
          JOIN cr_vehicle car ON car.id = role.vehicle_id
         WHERE car.plate != ''""",
}
_FOUND_QUERY = """
WITH who AS MATERIALIZED (
    SELECT p.id, p.cr_phone_digits, p.cr_id_number, p.commercial_partner_id, p.email,
           p.name, lower(replace(p.name, ' ', '')) AS bare_name,
           COALESCE(p.cr_is_customer, FALSE) OR p.cr_stage IS NOT NULL AS is_ours
      FROM res_partner p
     WHERE p.active AND NOT EXISTS (
           SELECT FROM res_company c WHERE c.partner_id = p.id)
), keyed AS (
    %(keys)s
), grouped AS (
    SELECT kind, key, id, min(id) OVER (PARTITION BY kind, key) AS first_id FROM keyed
), found AS (
    SELECT grouped.first_id AS partner_id, grouped.id AS other_id, grouped.kind,
           min(CASE WHEN grouped.kind = 'id_number'
                    THEN left(key, 6) || '…' || right(key, 4) ELSE key END) AS key
      FROM grouped
      JOIN who first ON first.id = grouped.first_id
      JOIN who other ON other.id = grouped.id
     WHERE grouped.id != grouped.first_id AND (first.is_ours OR other.is_ours)
       AND first.commercial_partner_id IS DISTINCT FROM other.commercial_partner_id
     GROUP BY 1, 2, 3
     UNION ALL
    SELECT least(a.partner_id, b.partner_id), greatest(a.partner_id, b.partner_id),
           'vehicle', min(car.vin)
      FROM cr_vehicle_role a
      JOIN cr_vehicle_role b ON b.vehicle_id = a.vehicle_id AND b.id > a.id
       AND b.partner_id != a.partner_id AND b.role = 'owner'
       AND a.date_from < COALESCE(b.date_to, 'infinity')
       AND b.date_from < COALESCE(a.date_to, 'infinity')
      JOIN cr_vehicle car ON car.id = a.vehicle_id
      JOIN who one ON one.id = a.partner_id JOIN who two ON two.id = b.partner_id
     WHERE a.role = 'owner'
     GROUP BY 1, 2
     UNION ALL
    SELECT who.id, NULL, 'invalid', who.name
      FROM who
     WHERE who.is_ours AND (COALESCE(who.cr_phone_digits, who.email, '') = ''
           OR who.name ~ '^[[:digit:][:punct:][:space:]]*$')
)
"""


class CrPartnerDuplicate(models.Model):
    """Two files that may be one customer, or a file that is of no use (CUS-16).

    `_refresh` finds them for the whole base in one statement. What a person dismissed
    stays dismissed; what no longer holds disappears.
    """

    _name = "cr.partner.duplicate"
    _description = "Possible duplicate"
    _order = "kind, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer file",
        required=True,
        index=True,
        ondelete="cascade",
    )
    other_id = fields.Many2one(
        "res.partner", string="Other file", index="btree_not_null", ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("id_number", "Same ID number"),
            ("phone", "Same telephone number"),
            ("vehicle", "Owners of the same car at the same time"),
            ("name_plate", "Same name and plate"),
            ("invalid", "No way to reach or no name"),
        ],
        string="Why",
        required=True,
    )
    key = fields.Char(string="What they share")
    state = fields.Selection(
        [("open", "To check"), ("dismissed", "Not the same")],
        required=True,
        default="open",
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    partner_mobile = fields.Char(related="partner_id.mobile", string="Mobile")
    other_mobile = fields.Char(related="other_id.mobile", string="Mobile of the other")
    partner_plates = fields.Char(related="partner_id.cr_plates", string="Plates")
    other_plates = fields.Char(related="other_id.cr_plates", string="Other's plates")
    partner_address = fields.Char(
        related="partner_id.contact_address_inline", string="Address"
    )
    other_address = fields.Char(
        related="other_id.contact_address_inline", string="Other's address"
    )
    partner_visit_on = fields.Date(
        related="partner_id.cr_last_visit_on", string="Last visit"
    )
    other_visit_on = fields.Date(
        related="other_id.cr_last_visit_on", string="Other's last visit"
    )

    _pair_unique = models.UniqueIndex(
        "(partner_id, COALESCE(other_id, 0), kind)",
        "This pair already stands in the list.",
    )
    _pair_order = models.Constraint(
        "CHECK (other_id IS NULL OR other_id > partner_id)",
        "A file cannot be its own duplicate.",
    )

    # === ACTIONS === #

    @api.model
    def action_refresh(self):
        """Look for duplicates now, instead of waiting for the night."""
        self.check_access("write")
        self._refresh()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_dismiss(self):
        """Keep both files; the pair is not shown again."""
        self.write({"state": "dismissed", "decided_by_id": self.env.uid})

    def action_reopen(self):
        """Look at the pairs again."""
        self.write({"state": "open", "decided_by_id": False})

    def action_merge(self):
        """Merge each pair into the older file."""
        return self._action_merge(lambda pair: pair.partner_id)

    def action_merge_other(self):
        """Merge each pair into the other file."""
        return self._action_merge(lambda pair: pair.other_id)

    def action_archive_file(self):
        """Archive the files that are of no use; of a pair, the younger one."""
        self._check_decide()
        self.check_access("write")
        for pair in self:
            (pair.other_id or pair.partner_id).action_archive()
        # sudo: a decided line is done; only administrators may delete by hand.
        self.sudo().unlink()

    # === BUSINESS === #

    def _action_merge(self, get_target):
        """Merge pairs with core's logic, which moves whatever points to the files.

        :param get_target: function that gives the file of a pair that stays
        """
        self._check_decide()
        self.check_access("write")
        # sudo: core reserves merging to its contact managers and, for files with
        # different e-mails, to administrators; the right to decide was checked.
        merge_sudo = self.env["base.partner.merge.automatic.wizard"].sudo()
        for pair in self:
            pair = pair.exists()
            if not pair:
                continue
            if not pair.other_id:
                raise UserError(
                    self.env._(
                        "%s has no second file to merge with. Complete the file or"
                        " archive it.",
                        pair.partner_id.name,
                    )
                )
            files = pair.partner_id | pair.other_id
            files.check_access("write")
            merge_sudo._merge(files.ids, get_target(pair).sudo())
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_decide(self):
        """Refuse users who may only point at duplicates."""
        if not self.env.user.has_group(HEAD):
            raise AccessError(
                self.env._(
                    "Merging and archiving customer files is left to the CR head."
                    " Tell the CR head which of the files is right, or dismiss the"
                    " pair if both are."
                )
            )

    @api.model
    def _refresh(self):
        """Find duplicates and invalid files; safe to run any number of times.

        :return: how many were found that were not known
        :rtype: int
        """
        self.env.flush_all()
        keys = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s AS kind, keys.* FROM (%s) AS keys(id, key)", kind, SQL(query)
            )
            for kind, query in _KEY_QUERIES.items()
        )
        self.env.cr.execute(
            SQL(
                "%(found)s, gone AS (DELETE FROM cr_partner_duplicate known"
                " WHERE known.state = 'open' AND NOT EXISTS (SELECT FROM found"
                " WHERE found.partner_id = known.partner_id"
                " AND found.other_id IS NOT DISTINCT FROM known.other_id"
                " AND found.kind = known.kind))"
                " INSERT INTO cr_partner_duplicate (partner_id, other_id, kind, key,"
                " state, create_uid, create_date, write_uid, write_date)"
                " SELECT partner_id, other_id, kind, key, 'open', %(user)s,"
                " now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'"
                " FROM found ON CONFLICT DO NOTHING",
                found=SQL(_FOUND_QUERY, keys=keys),
                user=self.env.uid,
            )
        )
        found = self.env.cr.rowcount
        self.env.invalidate_all(flush=False)
        return found

    # === CRONS === #

    @api.model
    def _cron_refresh(self):
        """Find the duplicates of the day."""
        self._refresh()
        self.env["ir.cron"]._commit_progress(1, remaining=0)
