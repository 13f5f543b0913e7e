from odoo import api, fields, models

from ..const import BAY_KINDS
from ..tools import slots

_TEMPLATE = "cr_dealership.cr_message_template_appointment_%s"
# How many days with free places are looked at for what is offered first.
_OFFER_DAYS = 5


class CrAppointmentWordsMixin(models.AbstractModel):
    """What is offered to a customer, and what he is told about his appointment."""

    _name = "cr.appointment.words.mixin"
    _description = "Appointment: offers and messages"

    # What narrows the choice of a time on the form.
    wanted_kind = fields.Selection(
        BAY_KINDS, string="Kind of visit", compute="_compute_wanted", readonly=False
    )
    wanted_day = fields.Date(
        string="On", compute="_compute_wanted", readonly=False, help="Empty: any day."
    )

    @api.depends("slot_id")
    def _compute_wanted(self):
        for appointment in self:
            slot = appointment.slot_id
            kind = slot.bay_kind or appointment.wanted_kind
            appointment.wanted_kind = kind or BAY_KINDS[0][0]
            appointment.wanted_day = slot.day or appointment.wanted_day

    # === OFFER === #

    @api.model
    def _get_offer(self, company, kind, count=6):
        """Return the times to offer first: when the store has time, soon (APT-06).

        :param company: the store
        :param kind: code of BAY_KINDS
        :return: [{"id", "label", "is_off_peak"}]
        """
        found = self.env["cr.appointment.slot"]._find_coming(company, kind, _OFFER_DAYS)
        words = self.env["cr.callback"].with_company(company)
        return [
            {
                "id": offer.id,
                "label": words._format_moment(offer.start),
                "is_off_peak": offer.is_off_peak,
            }
            for offer in slots.suggest(found, count)
        ]

    @api.model
    def _get_kind_options(self):
        """Return [{"id", "label"}] of the kinds of work that can be booked."""
        slot = self.env["cr.appointment.slot"]
        labels = dict(slot._fields["bay_kind"]._description_selection(self.env))
        return [{"id": code, "label": labels[code]} for code, _label in BAY_KINDS]

    @api.model
    def _get_type_options(self):
        """Return [{"id", "label", "kind"}] of the service types that can be booked."""
        return [
            {"id": one.id, "label": one.name, "kind": one.bay_kind}
            for one in self.env["cr.service.type"].sudo().search([])
        ]

    @api.model
    def _get_coming(self, partner, vehicle=None):
        """Return the appointments that a customer, or his car, has still to come."""
        domain = [
            ("partner_id", "=", partner.id),
            ("state", "in", ("requested", "confirmed")),
            ("start_at", ">", fields.Datetime.now()),
        ]
        if vehicle:
            domain.append(("vehicle_id", "=", vehicle.id))
        return self.search(domain)

    @api.model
    def _get_new_action(self, partner, vehicle):
        """Return the action that opens a new appointment for a customer and car."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book a visit"),
            "res_model": "cr.appointment",
            "view_mode": "form",
            "context": {
                "default_partner_id": partner.id,
                "default_vehicle_id": vehicle.id,
            },
        }

    @api.model
    def _get_list_action(self, domain):
        """Return the action that lists appointments."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cr_dealership.cr_appointment_action"
        )
        return {**action, "domain": domain, "context": {}}

    def _prepare_panel_line(self, session):
        """Return the appointment as the call workplace shows it."""
        self.ensure_one()
        return {
            "id": self.id,
            "label": self._get_time_text(),
            "car": self.plate or "",
            "items": self.items_text or "",
            "state": self._get_state_label(),
            "can_undo": self.session_id == session,
        }

    # === WORDS === #

    def _get_time_text(self):
        """Return when the appointment is, as people say it."""
        self.ensure_one()
        if not self.start_at:
            return ""
        words = self.env["cr.callback"].with_company(self.company_id)
        return words._format_moment(self.start_at)

    def _get_date_text(self):
        """Return when the appointment is, for a text that is read days later."""
        self.ensure_one()
        words = self.env["cr.callback"].with_company(self.company_id)
        local = words._to_local(self.start_at)
        return f"{local:%Y-%m-%d %H:%M}"

    # === MESSAGES === #

    def _send(self, occasion):
        """Queue the customers' messages of an occasion, each once for its time.

        :param str occasion: "confirmed" or "reminder"
        :return: the new messages
        """
        template = self.env.ref(_TEMPLATE % occasion, raise_if_not_found=False)
        # Raised rights: people queue messages by what they do, never directly.
        outbox = self.env["cr.message"].sudo()
        if not template or not template.sudo().active:
            return outbox
        links = self.env["cr.appointment.link"]._get_urls(self)
        return outbox._queue(
            [
                one._prepare_message(template.sudo(), occasion, links.get(one.id, ""))
                for one in self
            ]
        )

    def _prepare_message(self, template, occasion, link):
        """Return one message for the outbox."""
        self.ensure_one()
        text = template._render_for(
            self.partner_id,
            self.vehicle_id,
            self.company_id,
            date=self._get_date_text(),
            # Raised rights: an employee's name is no secret, his file is.
            advisor=self.advisor_id.sudo().name or self.company_id.name,
            link=link,
        )
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "channel": template.channel,
            "purpose": template.purpose,
            "body": text["body"],
            "template_id": template.id,
            "origin_model": "cr.appointment",
            "origin_id": self.id,
            "key": f"appointment-{occasion}-{self.id}-{self.slot_id.id}",
        }

    def _after_moved(self):
        """Have reminders start anew after a move, and tell who was confirmed."""
        # Raised rights: the jobs' marks are written by nobody by hand.
        self.sudo().write({"reminded_at": False})
        self.filtered(lambda one: one.state == "confirmed")._send("confirmed")

    # === LINK === #

    @api.model
    def _get_booking_url(self, partner, vehicle, origin=None):
        """Return the address of the page on which a customer books for his car.

        :param partner: the customer
        :param vehicle: his car, may be empty
        :param origin: the record because of which he gets the link, if any
        :return: a short address that expires, see `cr.appointment.link`
        """
        link = self.env["cr.appointment.link"]
        company = vehicle.company_id or self.env.company
        key = link._prepare_link(company, partner, vehicle, origin)
        return link._ensure_urls([key])[0]
