from odoo import models

# What stands in the columns: field of the figures, how a cell sums it up.
_FIGURES = (
    "complaint_count:sum",
    "order_count:sum",
    "delivery_count:sum",
    "complaint_rate:avg",
    "order_rate:avg",
    "customer_rate:avg",
    "delivery_rate:avg",
    "breach_count:sum",
    "reopened_count:sum",
    "answer_hours:avg",
    "solve_days:avg",
    "cost:sum",
    "satisfaction:avg",
)
_COMPLAINT = (
    "name",
    "received_at",
    "subject",
    "grade_id",
    "category_id",
    "role_id",
    "model_id",
    "owner_id",
    "stage",
    "is_breached",
    "cost",
)


class ReportComplaintFiguresXlsx(models.AbstractModel):
    """The figures of complaints by month, and the complaints behind them (CPL-22)."""

    _name = "report.cr_complaints.report_complaint_figures_xlsx"
    _description = "Figures of complaints as a workbook"
    _inherit = "report.report_xlsx.abstract"

    def get_workbook_options(self):
        """Keep what people typed from becoming formulas or links."""
        return {
            **super().get_workbook_options(),
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }

    # pylint: disable-next=unused-argument
    def generate_xlsx_report(self, workbook, data, objs):
        """Write a sheet of months and one of complaints.

        :param objs: the `cr.complaint.figures` that says of when
        """
        bold = workbook.add_format({"bold": True})
        domain = objs[:1]._get_domain()
        self._write_months(workbook.add_worksheet(self.env._("Months")), bold, domain)
        sheet = workbook.add_worksheet(self.env._("Complaints"))
        rows = self.env["cr.complaint.report"].search(
            [*domain, ("kind", "=", "complaint")]
        )
        self._write_complaints(sheet, bold, rows.complaint_id)

    def _write_months(self, sheet, bold, domain):
        """Write a line for each month, and one for all of them."""
        objs = self.env["cr.complaint.report"]
        names = [figure.partition(":")[0] for figure in _FIGURES]
        labels = [self._get_label(objs, name) for name in names]
        sheet.write_row(0, 0, [self.env._("Month"), *labels], bold)
        groups = objs._read_group(domain, ["day:month"], _FIGURES, order="day:month")
        for line, (month, *figures) in enumerate(groups, start=1):
            sheet.write_row(line, 0, [f"{month:%Y-%m}", *map(_round, figures)])
        [total] = objs._read_group(domain, [], _FIGURES)
        last = [self.env._("Total"), *map(_round, total)]
        sheet.write_row(len(groups) + 1, 0, last, bold)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(labels), 14)

    def _write_complaints(self, sheet, bold, complaints):
        """Write a line for each complaint."""
        labels = [self._get_label(complaints, name) for name in _COMPLAINT]
        sheet.write_row(0, 0, labels, bold)
        for line, complaint in enumerate(complaints.sorted("received_at"), start=1):
            sheet.write_row(line, 0, self._get_cells(complaint))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(labels) - 1, 16)

    def _get_cells(self, complaint):
        """Return the cells of one complaint, as people read them."""
        widget = self.env["ir.qweb.field.datetime"]
        stages = dict(complaint._fields["stage"]._description_selection(self.env))
        return [
            complaint.name,
            widget.value_to_html(complaint.received_at, {}),
            complaint.subject,
            *(complaint[name].display_name or "" for name in _COMPLAINT[3:8]),
            stages[complaint.stage],
            self.env._("Yes") if complaint.is_breached else self.env._("No"),
            complaint.cost,
        ]

    def _get_label(self, records, name):
        return records._fields[name].get_description(self.env, ["string"])["string"]


def _round(figure):
    """Return a figure as it is shown; nothing where there is nothing to divide by."""
    return "" if figure is None or figure is False else round(figure, 2)
