from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class CrCareTaskMessageMixin(models.AbstractModel):
    """The message of a step: its text, and what became of it."""

    _name = "cr.care.task.message.mixin"
    _description = "Care: messages"

    def _prepare_messages(self):
        """Return the messages of the steps, and the steps whose text is broken.

        :return: (list of values for `cr.message._queue`, `cr.care.task`)
        """
        vals_list, broken = [], self.browse()
        urls = self._get_booking_urls()
        for task in self:
            # Days are written in the language of the text around them.
            spoken = task.with_context(lang=task.company_id._cr_get_message_lang())
            try:
                vals_list.append(spoken._prepare_message(urls.get(task.id)))
            except (UserError, ValidationError):
                broken |= task
        return vals_list, broken

    def _get_booking_urls(self):
        """Return {step id: address to book on} where the text has a place for it.

        About insurance and licences there is nothing to book; their texts name the
        store's website or telephone instead.
        """
        booking = self.filtered(
            lambda task: "{link}" in (task.step_id.template_id.body or "")
            and task.case_id.subject not in ("insurance", "licence")
        )
        links = self.env["cr.appointment.link"]
        keys = [
            links._prepare_link(
                task.company_id, task.partner_id, task.vehicle_id, task.case_id
            )
            for task in booking
        ]
        return dict(zip(booking.ids, links._ensure_urls(keys), strict=True))

    def _prepare_message(self, booking_url=None):
        """Return the values of the message of one step.

        :param str booking_url: address on which the customer books, if there is one
        """
        self.ensure_one()
        template = self.step_id.template_id
        case = self.case_id
        words = self._get_words(booking_url)
        rendered = template._render_for(
            self.partner_id, self.vehicle_id, self.company_id, **words
        )
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "channel": self.channel,
            "purpose": case.plan_id.purpose,
            "subject": rendered["subject"] or case.plan_id.name,
            "body": rendered["body"],
            "template_id": template.id,
            "origin_model": self._name,
            "origin_id": self.id,
            "key": f"cr.care.task,{self.id}",
            "not_before": False,
        }

    def _get_words(self, booking_url=None):
        """Return {placeholder: value} of what a step adds to customer and car."""
        self.ensure_one()
        case, company, car = self.case_id, self.company_id, self.vehicle_id
        day = self.env["cr.callback"]._format_day(case.anchor_on)
        consultant = car.consultant_id.name or car.consultant_name
        return {
            "date": day,
            "due": day,
            "notice": case.campaign_id.text,
            "link": booking_url or company.website or company.phone,
            "advisor": consultant,
            # The job that writes is nobody a customer could ask for.
            "agent": consultant or company.cr_department_label or company.name,
        }

    @api.model
    def _follow_messages(self, messages):
        """Note on steps and cases what became of their messages; once per set.

        :param messages: `cr.message` whose state changed
        """
        own = messages.filtered(lambda message: message.origin_model == self._name)
        if not own:
            return
        by_task = {message.origin_id: message for message in own}
        # Raised rights: the gateway's report is noted whoever received it.
        tasks = self.env["cr.care.task"].sudo().browse(by_task).exists()
        today = self.env["cr.care.case"]._get_today()
        for task in tasks.filtered(lambda task: task.state == "ready"):
            message = by_task[task.id]
            if message.state in ("sent", "delivered"):
                task._finish()
                task.case_id._add_contact(today)
            elif message.state in ("failed", "cancelled"):
                task.write(
                    {"state": "skipped", "reason": message.block_code or "failed"}
                )
