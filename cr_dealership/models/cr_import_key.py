from odoo import fields, models

from ..const_import import IMPORT_KINDS


class CrImportKey(models.Model):
    """What another system calls a record of ours, and the row it last came from.

    It makes an import repeatable: the same row finds the same record, and a row whose
    digest has not changed is not even looked at. Written by the loader in sets.
    """

    _name = "cr.import.key"
    _description = "Import key"
    _order = "id desc"
    _rec_name = "number"
    _log_access = False

    company_id = fields.Many2one(
        "res.company", string="Store", required=True, ondelete="cascade"
    )
    system = fields.Char(string="From system", required=True)
    kind = fields.Selection(IMPORT_KINDS, required=True)
    number = fields.Char(required=True)
    res_id = fields.Integer(string="Record ID", required=True, aggregator=None)
    digest = fields.Char(export_string_translation=False)
    extra = fields.Json(
        string="Other columns",
        help="Columns of the file that have no field here and were kept.",
    )

    _number_unique = models.Constraint(
        "UNIQUE (company_id, system, kind, number)",
        "This number is already known for this store, system and kind.",
    )
    _record_index = models.Index("(kind, res_id)")
