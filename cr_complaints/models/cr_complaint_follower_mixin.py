from odoo import models
from odoo.tools import SQL

# As `mail.followers` would, which looks at each record on its own.
_SUBSCRIBE = """
WITH follower AS (
    INSERT INTO mail_followers (res_model, res_id, partner_id)
    SELECT %(model)s, res_id, partner_id
      FROM unnest(%(ids)s::int4[]) AS res_id, unnest(%(partners)s::int4[]) AS partner_id
        ON CONFLICT DO NOTHING
 RETURNING id
)
INSERT INTO mail_followers_mail_message_subtype_rel
       (mail_followers_id, mail_message_subtype_id)
SELECT follower.id, subtype
  FROM follower, unnest(%(subtypes)s::int4[]) AS subtype
"""


class CrComplaintFollowerMixin(models.AbstractModel):
    """Who follows a new complaint: a whole batch in one statement (CPL-10)."""

    _name = "cr.complaint.follower.mixin"
    _description = "Complaint: followers"

    def _subscribe_first(self):
        """Let who records new complaints, and who has a to-do for them, follow them."""
        context = self.env.context
        is_quiet = context.get("mail_create_nosubscribe") or context.get(
            "tracking_disable"
        )
        recorders = self.env.user.filtered(
            lambda one: one.active and not one.share and not is_quiet
        )
        # Who is told is no customer: he gets what colleagues get.
        subtypes = self.env["mail.message.subtype"].default_subtypes(self._name)[0]
        for (store, owner), group in self.grouped(
            lambda one: (one.company_id, one.owner_id)
        ).items():
            told = recorders | owner | self._get_supervisors(store)
            partners = told.sudo().partner_id.filtered("active")
            self.env.cr.execute(
                SQL(
                    _SUBSCRIBE,
                    model=self._name,
                    ids=group.ids,
                    partners=partners.ids,
                    subtypes=subtypes.ids,
                )
            )
        self.invalidate_recordset(
            ["message_follower_ids", "message_partner_ids"], flush=False
        )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Leave to `_subscribe_first` who follows a new complaint: once for a batch."""
        if self.env.context.get("cr_is_followed"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)
