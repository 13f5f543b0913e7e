from odoo import fields, models
from odoo.tools import SQL

from ..const import OPEN_STATES

# Who joined without being asked is not asked any more.
_JOINED = """
UPDATE cr_club_invitation invitation
   SET state = 'joined', done_on = %(today)s, member_id = m.id
  FROM cr_club_member m
 WHERE invitation.state = 'todo' AND invitation.program_id = %(program)s
   AND m.program_id = invitation.program_id AND m.partner_id = invitation.partner_id
   AND m.state = ANY(%(open)s)
"""
# Buyers of the last days, and owners whose last answer is long enough ago.
_DUE = """
INSERT INTO cr_club_invitation (program_id, company_id, partner_id, vehicle_id, due_on,
       state, create_uid, write_uid, create_date, write_date)
SELECT DISTINCT ON (due.partner_id) %(program)s, due.company_id, due.partner_id,
       due.vehicle_id, due.due_on, 'todo', %(uid)s, %(uid)s,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM (SELECT role.partner_id, car.company_id, car.id AS vehicle_id,
               car.delivered_on + %(days)s AS due_on
          FROM cr_vehicle car
          JOIN cr_vehicle_role role ON role.vehicle_id = car.id
         WHERE car.delivered_on BETWEEN %(today)s::date - 2 * %(days)s AND %(today)s
           AND car.company_id = ANY(%(stores)s) AND role.role = 'owner'
           AND role.is_purchase AND role.date_to IS NULL
           AND NOT EXISTS (
               SELECT FROM cr_club_invitation asked
                WHERE asked.program_id = %(program)s
                  AND asked.partner_id = role.partner_id)
         UNION ALL
        SELECT last.partner_id, last.company_id, last.vehicle_id, last.next_on
          FROM cr_club_invitation last
         WHERE last.program_id = %(program)s AND last.next_on <= %(today)s
           AND NOT EXISTS (
               SELECT FROM cr_club_invitation newer
                WHERE newer.program_id = last.program_id
                  AND newer.partner_id = last.partner_id AND newer.id > last.id)
           AND EXISTS (
               SELECT FROM cr_vehicle_role role
                WHERE role.partner_id = last.partner_id AND role.role = 'owner'
                  AND role.date_to IS NULL)) AS due
  JOIN res_partner partner ON partner.id = due.partner_id AND partner.active
 WHERE NOT EXISTS (
       SELECT FROM cr_club_member m
        WHERE m.program_id = %(program)s AND m.partner_id = due.partner_id
          AND m.state = ANY(%(open)s))
 ORDER BY due.partner_id, due.due_on, due.vehicle_id
ON CONFLICT DO NOTHING RETURNING id
"""
_FIRST_WEEK = 7


class CrClubProgramInviteMixin(models.AbstractModel):
    """Whom the club invites: owners in their first week, then half-yearly (CLB-29)."""

    _name = "cr.club.program.invite.mixin"
    _description = "Club programme: invitations"

    use_invitations = fields.Boolean(
        string="Invite owners",
        default=True,
        tracking=True,
        help="In the first week after the delivery; where every buyer joins by himself,"
        " nobody is asked.",
    )
    invite_months = fields.Integer(
        string="Ask again after (months)",
        default=6,
        tracking=True,
        help="0: nobody is asked twice.",
    )
    invitation_ids = fields.One2many(
        "cr.club.invitation", "program_id", string="Invitations"
    )

    _invite_sane = models.Constraint(
        "CHECK (COALESCE(invite_months, 0) >= 0)",
        "Months until an owner is asked again are not negative.",
    )

    def _open_invitations(self, today):
        """Open the invitations that are due, in two statements; does not commit.

        :param datetime.date today: day of the run; a second run opens nothing
        :return: the new invitations
        """
        self.ensure_one()
        invitations = self.env["cr.club.invitation"]
        if self.enrolment == "auto" or not self.use_invitations:
            return invitations
        self.env.flush_all()
        params = {
            "program": self.id,
            "today": today,
            "open": list(OPEN_STATES),
            "stores": self._get_stores().ids,
            "days": _FIRST_WEEK,
            "uid": self.env.uid,
        }
        self.env.cr.execute(SQL(_JOINED, **params))
        rows = self.env.execute_query(SQL(_DUE, **params))
        invitations.invalidate_model(flush=False)
        return invitations.browse(row_id for [row_id] in rows)
