from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const_event import LINK_KINDS


class CrEventLink(models.Model):
    """Where photographs of an event or reports on it are to be found (EVT-19)."""

    _name = "cr.event.link"
    _description = "Link of an event"
    _order = "event_id, id"

    event_id = fields.Many2one(
        "event.event", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="event_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(LINK_KINDS, required=True, default="media")
    name = fields.Char(string="Title", required=True)
    url = fields.Char(string="Address", required=True)
    published_on = fields.Date()

    @api.constrains("url")
    def _check_url(self):
        for link in self:
            if urlsplit(link.url or "").scheme not in ("http", "https"):
                raise ValidationError(
                    self.env._(
                        "“%s” is no address; it begins with http:// or https://.",
                        link.url,
                    )
                )
