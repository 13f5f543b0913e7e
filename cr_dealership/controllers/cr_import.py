import io
import os

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.cr_import_reader import SIZE_LIMIT

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What the form around the file may add to its size.
_ENVELOPE = 1024 * 1024


class CrImportController(http.Controller):
    """Takes files in and gives refused rows back; the models decide everything."""

    @http.route(
        "/cr_dealership/import/upload",
        type="http",
        auth="user",
        methods=["POST"],
        max_content_length=SIZE_LIMIT + _ENVELOPE,
    )
    def upload(self, upload_file, company_id):
        """Take one file in for a store; answer with its import, or with a sentence."""
        batch_model = request.env["cr.import.batch"].with_context(
            allowed_company_ids=[int(company_id)]
        )
        try:
            # What is refused leaves nothing behind.
            with request.env.cr.savepoint():
                batch = batch_model._receive(
                    os.path.basename(upload_file.filename), upload_file.read()
                )
        except UserError as error:
            return request.make_json_response({"error": str(error)})
        return request.make_json_response({"id": batch.id})

    @http.route(
        "/cr_dealership/import/<int:batch_id>/refused", type="http", auth="user"
    )
    def refused(self, batch_id):
        """Give the refused rows of an import back as a workbook."""
        batch = request.env["cr.import.batch"].browse(batch_id)
        batch.check_access("read")
        stream = io.BytesIO()
        batch._write_refused(stream)
        stem = os.path.splitext(batch.name)[0]
        name = request.env._("%(file)s - not imported", file=stem)
        return request.make_response(
            stream.getvalue(),
            [
                ("Content-Type", _XLSX),
                ("Content-Disposition", http.content_disposition(f"{name}.xlsx")),
            ],
        )
