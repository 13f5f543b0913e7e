from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.cr_dealership.tools.offsets import add_months

# Everybody who bought a car of the club's stores and is not in the club.
_BUYERS = """
SELECT role.partner_id, MAX(consultant.user_id) AS recruiter_id
  FROM cr_vehicle_role role
  JOIN cr_vehicle car ON car.id = role.vehicle_id
  LEFT JOIN hr_employee consultant ON consultant.id = car.consultant_id
 WHERE role.role = 'owner' AND role.is_purchase AND role.date_to IS NULL
   AND car.active AND car.delivered_on <= %(today)s
   AND car.company_id = ANY(%(stores)s)
   AND NOT EXISTS (
       SELECT FROM cr_club_member m
        WHERE m.program_id = %(program)s AND m.partner_id = role.partner_id)
 GROUP BY role.partner_id
"""
_ENROL = """
WITH buyer AS (%(buyers)s),
     made AS (
     INSERT INTO cr_club_member (program_id, company_id, partner_id, state, number,
            card_number, card_type_id, tier_id, tier_since, joined_on, applied_on,
            expires_on, review_on, recruiter_id, token, prepaid_balance, create_uid,
            write_uid, create_date, write_date)
     SELECT %(program)s, %(company)s, partner_id, 'active',
            lpad((%(member_first)s + row_number() OVER w - 1)::text, 6, '0'),
            lpad((%(card_first)s + row_number() OVER w - 1)::text, 6, '0'),
            %(card_type)s, %(tier)s, %(today)s, %(today)s, %(today)s,
            %(expires)s, %(review)s, recruiter_id,
            translate(encode(sha256(convert_to(gen_random_uuid()::text
                || gen_random_uuid()::text, 'UTF8')), 'base64'), '+/=', ''),
            0, %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
       FROM buyer WINDOW w AS (ORDER BY partner_id)
  RETURNING id)
INSERT INTO cr_club_tier_change (member_id, program_id, company_id, to_tier_id, kind,
       state, reason, day, create_uid, write_uid, create_date, write_date)
SELECT id, %(program)s, %(company)s, %(tier)s, 'join', 'done', %(reason)s, %(today)s,
       %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM made ORDER BY id RETURNING member_id
"""


class CrClubProgramEnrolMixin(models.AbstractModel):
    """Every buyer becomes a member by himself, where the club wants it (CLB-05)."""

    _name = "cr.club.program.enrol.mixin"
    _description = "Club programme: enrolment"

    def _enrol_buyers(self, today):
        """Make members of all buyers who are none, in a fixed number of statements.

        :param datetime.date today: day of joining
        :return: the new members, empty where people join on application
        """
        self.ensure_one()
        members = self.env["cr.club.member"]
        tier = self.scheme_id._get_entry_tier()
        if self.enrolment != "auto" or not tier:
            return members
        for model in ("cr.club.member", "cr.vehicle", "cr.vehicle.role"):
            self.env[model].flush_model()
        buyers = SQL(
            _BUYERS,
            today=today,
            stores=self._get_stores().ids,
            program=self.id,
        )
        # The row of the club is locked before the buyers are counted: two nodes that
        # enrol at once come one after the other.
        self._take_numbers(0)
        [[count]] = self.env.execute_query(SQL("SELECT COUNT(*) FROM (%s) b", buyers))
        if not count:
            return members
        rows = self.env.execute_query(
            SQL(_ENROL, buyers=buyers, **self._prepare_enrolment(today, tier, count))
        )
        members.invalidate_model()
        made = members.browse(row_id for [row_id] in rows)
        made.change_ids._after_tier_changed()
        return made

    def _prepare_enrolment(self, today, tier, count):
        """Return what new members have in common, with the first of their numbers."""
        card_first = int(self._take_numbers(count)[0])
        member_first = card_first
        if self.has_own_member_number:
            member_first = int(self._take_numbers(count, "member")[0])
        months = self.membership_months
        return {
            "program": self.id,
            "company": self.company_id.id,
            "tier": tier.id,
            "card_first": card_first,
            "member_first": member_first,
            "card_type": self.card_type_id.id or None,
            "today": fields.Date.to_string(today),
            "expires": add_months(today, months) if months else None,
            "review": add_months(today, self.review_months),
            "reason": self.with_context(
                lang=self.company_id.partner_id.lang
            ).env._("Every buyer is a member"),
            "uid": self.env.uid,
        }
