from odoo import api, models
from odoo.tools import SQL

# Written with the others, but no change that anybody wants to read about.
_UNTRACED = {"callback_pending", "in_on", "out_on", "system"}


class CrImportLoaderDocument(models.AbstractModel):
    """Records rows that are documents of their own, unique by store, system, number.

    A kind names its model and says which values a row has.
    """

    _name = "cr.import.loader.document"
    _inherit = ["cr.import.loader"]
    _description = "Loader of imported documents"

    # What a new document has where its row says nothing.
    _empty_values = {}
    # What every new document has besides, so that it is not written a second time.
    _first_values = {}

    @api.model
    def _record(self, batch, names, rows):
        values = {row.number: self._prepare(names, row) for row in rows}
        columns = list(next(iter(values.values()), ()))
        known = self._read_documents(batch, columns, list(values))
        new, changed, traces, reasons, others = [], {}, {}, {}, set()
        for row in rows:
            if row.number not in known:
                new.append(self._fill(values[row.number]))
                row.state = "new"
                continue
            row.record_id, before = known[row.number]
            after = self._merge(before, values[row.number])
            differing = self._get_differing(before, after)
            if differing:
                changed[row.record_id] = after
                traces[row.record_id] = {
                    name: pair
                    for name, pair in differing.items()
                    if name not in _UNTRACED
                }
                reasons[row.record_id] = self._get_reason(batch, row.line)
            if before["vehicle_id"] != after["vehicle_id"]:
                others.add(before["vehicle_id"])
            row.state = "changed" if differing or row.is_changed else "unchanged"
        self._insert_documents(rows, new)
        self.env["cr.import.writer"]._update(self._get_model()._name, changed)
        self.env["cr.import.writer"]._trace(self._get_model()._name, traces, reasons)
        self._after_recorded(rows, changed)
        return others

    @api.model
    def _get_differing(self, before, after):
        """Return {name: (before, after)} of the values that change."""
        return {
            name: (value, after[name])
            for name, value in before.items()
            if (after[name] or None) != value
        }

    @api.model
    def _read_documents(self, batch, columns, numbers):
        """Return {number: (id, values)} of the documents that are there already."""
        model = self._get_model()
        # One by one along the unique index: for a list of numbers the database may
        # take the trigram index, which is a thousand times slower.
        found = self.env.execute_query(
            SQL(
                "SELECT found.id FROM unnest(%s::varchar[]) AS told(number)"
                " CROSS JOIN LATERAL (SELECT id FROM %s WHERE company_id = %s"
                " AND COALESCE(system, '') = %s AND number = told.number"
                " LIMIT 1) AS found",
                numbers,
                SQL.identifier(model._table),
                batch.company_id.id,
                batch.profile_id.system,
            )
        )
        documents = model.browse(row[0] for row in found)
        documents.fetch(columns)
        return {
            document.number: (
                document.id,
                {
                    name: document._fields[name].convert_to_write(
                        document[name], document
                    )
                    or None
                    for name in columns
                },
            )
            for document in documents
        }

    @api.model
    def _insert_documents(self, rows, vals_list):
        writer = self.env["cr.import.writer"]
        ids = writer._insert(self._get_model()._name, vals_list)
        for row, record_id in zip(
            (row for row in rows if row.state == "new"), ids, strict=True
        ):
            row.record_id = record_id
        if ids:
            documents = self._get_model().browse(ids)
            writer._recompute(documents, vals_list[0])

    @api.model
    def _fill(self, told):
        """Return the values of a new document."""
        return {
            **{
                name: self._empty_values.get(name) if value is None else value
                for name, value in told.items()
            },
            **self._first_values,
        }

    @api.model
    def _merge(self, before, told):
        """Return what a document is after a row; an empty cell changes nothing."""
        after = {
            name: before[name] if value is None else value
            for name, value in told.items()
        }
        # Who the customer is may have been put right by hand since.
        if before.get("partner_id") and before["vehicle_id"] == after["vehicle_id"]:
            after["partner_id"] = before["partner_id"]
        return after

    # === WHAT A KIND SAYS === #

    @api.model
    def _prepare(self, names, row):
        """Return the columns of a row's document, the same ones for every row.

        Hook of the kinds.
        """
        raise NotImplementedError

    @api.model
    def _after_recorded(self, rows, changed):
        """Do what a kind needs besides its own table. Hook of the kinds.

        :param dict changed: id -> values of the documents that were there before
        """
