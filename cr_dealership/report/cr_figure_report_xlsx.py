from odoo import models


class ReportCrFigureReportXlsx(models.AbstractModel):
    """Weekly and monthly reports as a workbook, a sheet each (RPT-03)."""

    _name = "report.cr_dealership.report_cr_figure_report_xlsx"
    _description = "Weekly and monthly reports as a workbook"
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
        """Write a sheet for each report.

        :param objs: the `cr.figure.report` to print
        """
        bold = workbook.add_format({"bold": True})
        for number, report in enumerate(objs, start=1):
            sheet = workbook.add_worksheet(f"{number} {report.date_from}")
            sheet.write(0, 0, report.display_name, bold)
            sheet.write_row(2, 0, report._get_header(), bold)
            for line, row in enumerate(report._get_rows(), start=3):
                sheet.write_row(line, 0, report._get_cells(row))
            sheet.set_column(0, 0, 30)
            sheet.set_column(1, 6, 14)
            sheet.set_column(7, 7, 60)
