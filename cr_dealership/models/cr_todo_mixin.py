from odoo import api, models


class CrTodoMixin(models.AbstractModel):
    """Gives people to-dos on many records of a store in one go."""

    _name = "cr.todo.mixin"
    _description = "To-dos for many"

    @api.model
    def _give_todos(self, lines):
        """Give people to-dos on records of this model, due today by their store.

        The number of queries does not depend on the number of lines.

        :param lines: (record, user, text)
        :return: the to-dos, with raised rights
        """
        todo_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mail_activity_data_todo", raise_if_not_found=True
        )
        model_id = self.env["ir.model"]._get_id(self._name)
        # Raised rights: whoever causes it may not see the other's tasks.
        activities = self.env["mail.activity"].sudo()
        lines = list(lines)
        if not lines:
            return activities
        activities = activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": record.id,
                    "res_name": record.sudo().display_name,
                    "activity_type_id": todo_id,
                    "summary": text,
                    "date_deadline": record.company_id.sudo()._cr_today(),
                    "user_id": user.id,
                    "user_tz": user.sudo().tz,
                }
                for record, user, text in lines
            ]
        )
        # Written with the row: an update of each would follow.
        for name in ("res_name", "user_tz"):
            self.env.remove_to_compute(activities._fields[name], activities)
        return activities

    def _replace_todos(self, lines):
        """Give to-dos with days of their own in place of those that are left.

        :param lines: (record, user, day, text)
        """
        self._end_todos()
        for record, user, day, text in lines:
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=day,
                user_id=user.id,
                summary=text,
            )

    def _end_todos(self):
        """Take away the to-dos on the records, whoever has them."""
        # Raised rights: they may be colleagues'.
        self.sudo().activity_ids.unlink()
