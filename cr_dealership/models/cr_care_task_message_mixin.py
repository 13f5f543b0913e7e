import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

_URL = re.compile(r"https?://\S+")


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
        for company, tasks in self.grouped("company_id").items():
            # Days are written in the language of the text around them.
            spoken = tasks.with_context(lang=company._cr_get_message_lang())
            for task in spoken:
                try:
                    vals_list.append(task._prepare_message(urls.get(task.id)))
                except (UserError, ValidationError):
                    broken |= self.browse(task.id)
        return vals_list, broken

    def _get_booking_urls(self):
        """Return {step id: address to book on} where the text has a place for it.

        About insurance, licences and violations there is nothing to book; they name the
        store's website or telephone instead.
        """
        booking = self.filtered(
            lambda task: "{link}" in (task._get_template().body or "")
            and task.case_id.subject not in ("insurance", "licence", "violation")
        )
        links = self.env["cr.appointment.link"]
        keys = [
            links._prepare_link(
                task.company_id, task.partner_id, task.vehicle_id, task.case_id
            )
            for task in booking
        ]
        return dict(zip(booking.ids, links._ensure_urls(keys), strict=True))

    def _get_template(self):
        """Return the text of the step: the campaign's own one on its channel first."""
        own = self.case_id.campaign_id._get_template(self.channel)
        return own or self.step_id.template_id

    def _find_repeated(self, vals_list):
        """Return those of the steps whose text the customer gets already today.

        Plans that overlap would send the same words twice.

        :param list vals_list: values of the messages of the steps
        :return: `cr.care.task`
        """
        since = fields.Datetime.now() - timedelta(days=1)
        partner_ids = list({vals["partner_id"] for vals in vals_list})
        recent = self.env["cr.message"].search(
            [
                ("partner_id", "in", partner_ids),
                ("create_date", ">=", since),
                ("state", "not in", ("failed", "cancelled")),
            ]
        )
        known = {
            (
                message.partner_id.id,
                message.channel,
                _URL.sub("", message.body),
            ): message.key
            for message in recent
        }
        repeated = self.browse()
        for vals in vals_list:
            # Links differ from case to case.
            body = _URL.sub("", vals["body"])
            words = (vals["partner_id"], vals["channel"], body)
            if known.setdefault(words, vals["key"]) != vals["key"]:
                repeated |= self.browse(vals["origin_id"])
        return repeated

    def _prepare_message(self, booking_url=None):
        """Return the values of the message of one step.

        :param str booking_url: address on which the customer books, if there is one
        """
        self.ensure_one()
        case = self.case_id
        template = self._get_template()
        # A translation may have been written past the check of the source text.
        template.with_env(self.env)._check_placeholders()
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
            "notice": case.campaign_id._get_notice(self.partner_id),
            "link": booking_url or company.website or company.phone,
            "advisor": consultant,
            # The job that writes is nobody a customer could ask for.
            "agent": consultant or company.cr_department_label or company.name,
        }

    def _awaits_message(self):
        """Return whether the step becomes done when its message goes out."""
        self.ensure_one()
        return self.state == "ready" or (
            self.state == "skipped" and self.reason == "failed"
        )

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
        for task in tasks:
            message = by_task[task.id]
            # A failed message that somebody sends again after all is a contact too.
            if message.state in ("sent", "delivered") and task._awaits_message():
                task._finish()
                task.case_id._add_contact(today)
            elif message.state in ("failed", "cancelled") and task.state == "ready":
                task.write(
                    {"state": "skipped", "reason": message.block_code or "failed"}
                )
