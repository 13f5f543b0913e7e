from odoo import fields, models

from odoo.addons.cr_dealership.tools.offsets import add_months

from ..tools.tiers import lacking


class CrClubMemberTierMixin(models.AbstractModel):
    """The tier of a member, since when and why, and what is missing for the next."""

    _name = "cr.club.member.tier.mixin"
    _description = "Tier of a member"

    tier_id = fields.Many2one(
        "cr.club.tier",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    tier_color = fields.Char(related="tier_id.color", string="Colour")
    tier_since = fields.Date(readonly=True, copy=False)
    review_on = fields.Date(string="Tier is reviewed on", copy=False)
    is_tier_fixed = fields.Boolean(
        string="Tier stays",
        copy=False,
        tracking=True,
        help="Given by a person; no downgrade is proposed.",
    )
    # --- the path of former VIPs (CLB-08) ---
    is_legacy_vip = fields.Boolean(string="Was a VIP before", tracking=True)
    legacy_on = fields.Date(string="VIP since", tracking=True)
    # --- figures the daily look stores (PTS-08) ---
    loyalty_score = fields.Float(readonly=True, copy=False, aggregator="avg")
    window_points = fields.Integer(
        string="Points in the window", readonly=True, copy=False
    )
    window_material = fields.Integer(
        string="Of which from material", readonly=True, copy=False
    )
    referral_count = fields.Integer(
        string="Buyers who count", compute="_compute_referral_count"
    )
    change_ids = fields.One2many(
        "cr.club.tier.change", "member_id", string="Tier history"
    )
    next_tier_id = fields.Many2one(
        "cr.club.tier", string="Next tier", compute="_compute_next_tier"
    )
    next_text = fields.Char(string="Still missing", compute="_compute_next_tier")
    next_percent = fields.Float(string="On the way", compute="_compute_next_tier")

    _legacy_dated = models.Constraint(
        "CHECK (is_legacy_vip IS NOT TRUE OR legacy_on IS NOT NULL)",
        "Fill in since when the customer was a VIP.",
    )

    # === COMPUTE === #

    def _compute_referral_count(self):
        groups = self.env["cr.referral"]._read_group(
            [("member_id", "in", self.ids), ("state", "=", "verified")],
            ["member_id"],
            ["__count"],
        )
        counts = {member.id: count for member, count in groups}
        for member in self:
            member.referral_count = counts.get(member.id, 0)

    def _compute_next_tier(self):
        """Say what is missing for the next tier, by its easiest condition."""
        self.next_tier_id = self.next_text = False
        self.next_percent = 100
        running = self.filtered(lambda member: member.state == "active")
        for program, members in running.grouped("program_id").items():
            program = program.sudo()
            facts = program._get_facts(program.company_id._cr_today(), members)
            for member in members:
                member._fill_next_tier(program, facts[member.id])

    def _fill_next_tier(self, program, facts):
        """Fill in the next tier of one member from what is known of him."""
        higher = [
            (tier, rules)
            for tier, rules in program._get_groups()
            if tier.level > facts.level and "manual" not in rules.mapped("kind")
        ]
        if not higher:
            return
        self.next_tier_id = min((tier for tier, _rules in higher), key=_get_level)
        ways = [
            self._measure_way(program, rules, facts)
            for tier, rules in higher
            if tier == self.next_tier_id
        ]
        self.next_percent = max(percent for percent, _text in ways)
        texts = [text for _percent, text in ways]
        self.next_text = self.env._(" or ").join(filter(None, texts))
        if not all(texts):
            self.next_text = self.env._("Nothing; the club confirms the upgrade")

    def _measure_way(self, program, rules, facts):
        """Return how far a member has come with a group of conditions, and the rest.

        :return: percent, what is missing in words
        """
        texts, shares = [], []
        for rule in rules:
            plain = rule._prepare_rule()
            missing = lacking(facts, plain, program.is_inclusive)
            for name, count in missing.items():
                asked = plain.material if name == "material" else plain.minimum
                shares.append(max(0.0, 100 * (1 - count / asked)) if asked else 0.0)
                texts.append(self._describe_missing(name, count, rule))
        percent = min(shares) if shares else 100.0
        return percent, self.env._(" and ").join(texts)

    def _describe_missing(self, name, count, rule):
        """Return one missing figure as the customer understands it."""
        count = f"{count:g}"
        texts = {
            "vehicles": self.env._("buy %s more car(s)", count),
            "referrals": self.env._("bring %s more buyer(s)", count),
            "points": self.env._(
                "collect %(count)s more points within %(months)s months",
                count=count,
                months=rule.window_months,
            ),
            "material": self.env._("%s more points from material", count),
            "legacy": self.env._("be a confirmed VIP of former years"),
            "score": self.env._("%s more on the loyalty score", count),
        }
        return texts[name]

    # === BUSINESS === #

    def _set_tier(self, tier, today):
        """Give the members a tier from a day on; the caller writes the history."""
        for member in self:
            member._settle(
                tier_id=tier.id,
                tier_since=today,
                review_on=add_months(today, member.program_id.review_months),
            )

    def _give_tier(self, tier, reason, kind="manual"):
        """Give the members a tier by a person's decision, with its reason (CLB-11).

        :param tier: of the scheme of their club
        :param str reason: why, for the history
        :param str kind: see `CHANGE_KINDS`
        :return: the changes
        """
        before = {member: member.tier_id for member in self}
        for member in self:
            member._set_tier(tier, member.company_id._cr_today())
        return self._record_changes(
            [(member, before[member], tier, reason) for member in self], kind
        )

    def _record_joining(self):
        """Begin the history of new members."""
        empty = self.env["cr.club.tier"]
        reason = self.env._("Joined the club")
        return self._record_changes(
            [(member, empty, member.tier_id, reason) for member in self], "join"
        )

    def _record_changes(self, lines, kind):
        """Write the history of changes that took effect.

        :param lines: (member, tier before, tier after, reason)
        """
        # sudo: nobody writes the history by hand.
        changes = (
            self.env["cr.club.tier.change"]
            .sudo()
            .create(
                [
                    {
                        "member_id": member.id,
                        "program_id": member.program_id.id,
                        "company_id": member.company_id.id,
                        "from_tier_id": before.id,
                        "to_tier_id": after.id,
                        "kind": kind,
                        "state": "done",
                        "reason": reason,
                        "day": member.company_id._cr_today(),
                        "decided_by_id": self.env.uid,
                    }
                    for member, before, after, reason in lines
                ]
            )
        )
        changes._after_tier_changed()
        return changes

    # === ACTIONS === #

    def action_review_tier(self):
        """Look at the tier now instead of tonight."""
        self.check_access("write")
        for program, members in self.grouped("program_id").items():
            # sudo: the rules decide, whoever asks for the look.
            program.sudo()._review_tiers(program.company_id._cr_today(), members)

    def action_open_history(self):
        """Open the history of the member's tiers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tiers of %s", self.display_name),
            "res_model": "cr.club.tier.change",
            "view_mode": "list",
            "domain": [("member_id", "=", self.id)],
        }


def _get_level(tier):
    """Return the level of a tier."""
    return tier.level
