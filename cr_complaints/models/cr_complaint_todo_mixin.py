from odoo import api, fields, models


class CrComplaintTodoMixin(models.AbstractModel):
    """Gives people to-dos on many records in one go."""

    _name = "cr.complaint.todo.mixin"
    _description = "Complaint: to-dos"

    @api.model
    def _remind(self, lines):
        """Give people to-dos on records of this model, in one go.

        :param lines: (record, user, text)
        """
        todo = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        today = fields.Date.context_today(self)
        # Raised rights: whoever causes it may not see the other's tasks.
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": record.id,
                    "activity_type_id": todo.id,
                    "summary": text,
                    "date_deadline": today,
                    "user_id": user.id,
                }
                for record, user, text in lines
            ]
        )
