from odoo import api, fields, models


class CrClubCharter(models.Model):
    """The charter of a club, or a guide to its points; worded in versions (CLB-20)."""

    _name = "cr.club.charter"
    _description = "Charter or guide"
    _order = "program_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    program_id = fields.Many2one(
        "cr.club.program",
        string="Club",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["cr.club.program"]._get_program(
            self.env.company
        ),
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10, aggregator=None)
    kind = fields.Selection(
        [("charter", "Charter"), ("guide", "Guide")],
        required=True,
        default="charter",
        help="Members accept the charter; guides are read (PTS-09).",
    )
    version_ids = fields.One2many("cr.club.charter.version", "charter_id")
    version_id = fields.Many2one(
        "cr.club.charter.version", string="In force", compute="_compute_version_id"
    )

    @api.depends("version_ids.state", "version_ids.valid_from")
    def _compute_version_id(self):
        for charter in self:
            charter.version_id = charter._get_version(charter.company_id._cr_today())

    def _get_version(self, day):
        """Return the version in force on a day, empty if there is none."""
        self.ensure_one()
        return self.version_ids.filtered(
            lambda one: one.state == "in_force" and one.valid_from <= day
        ).sorted(lambda one: (one.valid_from, one.number), reverse=True)[:1]

    @api.model
    def _get_charter_version(self, program):
        """Return what members of a club accept now, empty if there is no charter."""
        # sudo: the customer's page shows the charter as well.
        charters = self.sudo().search(
            [("program_id", "=", program.id), ("kind", "=", "charter")], limit=1
        )
        return charters.version_id


class CrClubCharterVersion(models.Model):
    """One wording of a charter; members accepted it, so it never changes (CLB-20)."""

    _name = "cr.club.charter.version"
    _description = "Version of a charter"
    _inherit = ["cr.version.mixin"]
    _order = "charter_id, number desc"

    _version_of = "charter_id"

    charter_id = fields.Many2one(
        "cr.club.charter", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="charter_id.company_id", string="Store")
    text = fields.Html(required=True, translate=True)
    acceptance_count = fields.Integer(
        string="Accepted by", compute="_compute_acceptance_count"
    )

    _number_unique = models.Constraint(
        "UNIQUE (charter_id, number)", "This charter already has that version."
    )

    @api.depends("charter_id.name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _compute_acceptance_count(self):
        groups = self.env["cr.club.charter.acceptance"]._read_group(
            [("version_id", "in", self.ids)], ["version_id"], ["__count"]
        )
        counts = {version.id: count for version, count in groups}
        for version in self:
            version.acceptance_count = counts.get(version.id, 0)

    def _describe_fixed(self):
        return self.env._(
            "%(version)s is what members accepted and stays as it is; make a new"
            " version instead.",
            version=self.display_name,
        )

    def _describe_obstacle(self):
        if self.state == "draft":
            return None
        return self.env._(
            "%s is no draft; make a new version of it.", self.display_name
        )


class CrClubCharterAcceptance(models.Model):
    """Which member accepted which version when; never changed (CLB-20)."""

    _name = "cr.club.charter.acceptance"
    _description = "Acceptance of a charter"
    _inherit = ["cr.append.only.mixin"]
    _order = "id desc"
    _rec_name = "member_id"

    member_id = fields.Many2one(
        "cr.club.member", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="member_id.company_id", string="Store")
    version_id = fields.Many2one(
        "cr.club.charter.version",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    accepted_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    channel = fields.Selection(
        [("desk", "In the store"), ("page", "On his page")],
        required=True,
        readonly=True,
        default="desk",
    )

    _accepted_once = models.UniqueIndex(
        "(member_id, version_id)", "The member accepted this version already."
    )
