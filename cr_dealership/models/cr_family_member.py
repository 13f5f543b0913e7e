from odoo import api, fields, models


class CrFamilyMember(models.Model):
    """A relative or acquaintance of a customer, maybe the next buyer (CUS-07).

    Changes are noted in the customer's file with date and user (CUS-19).
    """

    _name = "cr.family.member"
    _description = "Family member or acquaintance"
    _order = "partner_id, id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
    relation = fields.Selection(
        [
            ("spouse", "Spouse"),
            ("child", "Child"),
            ("parent", "Parent"),
            ("relative", "Other relative"),
            ("friend", "Friend"),
            ("colleague", "Colleague"),
        ],
        required=True,
        default="spouse",
    )
    birthday = fields.Date()
    vehicle_text = fields.Char(string="Car driven")
    is_potential_buyer = fields.Boolean(string="May buy a car")
    gift_id = fields.Many2one(
        "cr.care.gift",
        string="Wished gift",
        domain=[("for_whom", "!=", "customer")],
        help="What the person picked from the gift menu.",
    )
    related_partner_id = fields.Many2one(
        "res.partner",
        string="Own file",
        index="btree_not_null",
        help="The relative's own customer file, if there is one.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """Note the new members in the customers' files."""
        members = super().create(vals_list)
        members._note_in_files(
            lambda member: self.env._("Family: %s added", member._describe())
        )
        return members

    def write(self, vals):
        """Note what the members were and what they are now."""
        before = {member.id: member._describe() for member in self}
        result = super().write(vals)
        changed = self.filtered(lambda member: before[member.id] != member._describe())
        changed._note_in_files(
            lambda member: self.env._(
                "Family: %(before)s changed to %(after)s",
                before=before[member.id],
                after=member._describe(),
            )
        )
        return result

    def unlink(self):
        """Note who was taken out of the customers' files."""
        self._note_in_files(
            lambda member: self.env._("Family: %s removed", member._describe())
        )
        return super().unlink()

    # === BUSINESS === #

    def _describe(self):
        """Return the member in a few words: name, relation, birthday, car."""
        self.ensure_one()
        relations = dict(self._fields["relation"]._description_selection(self.env))
        words = (
            self.name,
            relations.get(self.relation),
            self.birthday and fields.Date.to_string(self.birthday),
            self.vehicle_text,
            self.is_potential_buyer and self.env._("may buy a car"),
        )
        return ", ".join(filter(None, words))

    def _note_in_files(self, get_text):
        """Log one note per customer; several changes stand in one note."""
        if self.env.context.get("tracking_disable"):
            return
        bodies = {
            partner.id: "; ".join(get_text(member) for member in members)
            for partner, members in self.grouped("partner_id").items()
        }
        if bodies:
            self.partner_id._message_log_batch(bodies=bodies)
