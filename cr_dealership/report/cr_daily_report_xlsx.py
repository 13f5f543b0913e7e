from odoo import models


class ReportCrDailyReportXlsx(models.AbstractModel):
    """The daily reports as a workbook, one line each, with the sums below."""

    _name = "report.cr_dealership.report_cr_daily_report_xlsx"
    _description = "Daily reports as a workbook"
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
        """Write the sheet.

        :param objs: the `cr.daily.report` to print
        """
        sheet = workbook.add_worksheet(self.env._("Daily reports"))
        bold = workbook.add_format({"bold": True})
        outcomes = objs.line_ids.outcome_id
        first = objs[:1]
        header = [
            self.env._("Day"),
            self.env._("Agent"),
            self.env._("Store"),
            *(label for label, _value in first._get_figure_rows()),
            *outcomes.mapped("name"),
            self.env._("Remark"),
        ]
        sheet.write_row(0, 0, header, bold)
        totals = [0] * len(header)
        for line, report in enumerate(objs.sorted("day"), start=1):
            row = self._get_row(report, outcomes)
            sheet.write_row(line, 0, row)
            for column, value in enumerate(row):
                if isinstance(value, int):
                    totals[column] += value
        sheet.write(len(objs) + 1, 0, self.env._("Total"), bold)
        for column, total in enumerate(totals):
            if 3 <= column < len(header) - 1:
                sheet.write(len(objs) + 1, column, total, bold)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, len(header) - 1, 14)

    def _get_row(self, report, outcomes):
        """Return the cells of one daily report."""
        counts = {line.outcome_id: line.count for line in report.line_ids}
        return [
            str(report.day),
            report.agent_id.name,
            report.company_id.name,
            *(value for _label, value in report._get_figure_rows()),
            *(counts.get(outcome, 0) for outcome in outcomes),
            report.remark or "",
        ]
