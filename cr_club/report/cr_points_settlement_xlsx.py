from odoo import models


class ReportCrPointsSettlementXlsx(models.AbstractModel):
    """The month-end of points as a workbook: the same rows as the print."""

    _name = "report.cr_club.report_cr_points_settlement_xlsx"
    _description = "Month-end of points as a workbook"
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
        """Write a sheet for each month-end.

        :param objs: the `cr.points.settlement` to print
        """
        bold = workbook.add_format({"bold": True})
        for number, cut in enumerate(objs, start=1):
            sheet = workbook.add_worksheet(f"{number} {cut.date_to}")
            sheet.set_column(0, 6, 18)
            sheet.write(0, 0, cut._get_sheet_title(), bold)
            line = 2
            for title, header, rows in cut._get_sheet():
                sheet.write(line, 0, title, bold)
                sheet.write_row(line + 1, 0, header, bold)
                for place, row in enumerate(rows, start=line + 2):
                    sheet.write_row(place, 0, row)
                line += len(rows) + 3
