from odoo import fields, models


class CrCareTopic(models.Model):
    """Something a customer is to hear of, as the warranty or the class (REL-02).

    A line of a call script names its topic; ticking the line in the call notes on the
    care case that the customer heard of it.
    """

    _name = "cr.care.topic"
    _description = "Topic of a care call"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(string="Switched on", default=True)
    note = fields.Text(translate=True, help="What matters about it, for the agent.")

    _name_unique = models.Constraint(
        "UNIQUE (name)", "There is already a topic with this name."
    )
