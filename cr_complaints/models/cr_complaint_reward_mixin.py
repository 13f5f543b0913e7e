from odoo import models


class CrComplaintRewardMixin(models.AbstractModel):
    """A complaint about how an advisor served brings a proposal (CPL-26)."""

    _name = "cr.complaint.reward.mixin"
    _description = "Complaint: advisor's service"

    def _after_closed(self):
        """Propose a deduction where the kind of complaint counts against the advisor.

        Once a complaint, however often it is opened again.
        """
        result = super()._after_closed()
        self.env["cr.reward.entry"]._propose(
            "complaint",
            [
                {
                    "company": complaint.company_id,
                    "employee": complaint.advisor_id,
                    "key": f"{self._name}:{complaint.id}",
                    "day": complaint.company_id.sudo()._cr_today(),
                    "reason": f"{complaint.name}: {complaint.subject}",
                    "origin": complaint,
                }
                for complaint in self
                if complaint.category_id.is_against_advisor
            ],
        )
        return result
