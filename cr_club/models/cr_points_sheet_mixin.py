from odoo import fields, models


class CrPointsSheetMixin(models.AbstractModel):
    """The sheet of a month-end: screen, print and workbook show the same rows."""

    _name = "cr.points.sheet.mixin"
    _description = "Month-end of points: sheet"

    def _get_sheet(self):
        """Return the rows of the sheet, in three tables.

        :return: [(title, header, rows)]
        :rtype: list[tuple[str, list, list]]
        """
        self.ensure_one()
        return [self._get_points_rows(), self._get_money_rows(), self._get_book_rows()]

    def _get_points_rows(self):
        header = [
            self.env._("Points from"),
            self.env._("At the beginning"),
            self.env._("Earned"),
            self.env._("Redeemed"),
            self.env._("Expired"),
            self.env._("Taken back or passed on"),
            self.env._("Outstanding"),
        ]
        names = ("opening", "brought", "redeemed", "expired", "other", "closing")
        labels = dict(self.line_ids._fields["kind"]._description_selection(self.env))
        rows = [
            [labels[line.kind], *(line[name] for name in names)]
            for line in self.line_ids
        ]
        rows.append([self.env._("Total"), *(self[name] for name in names)])
        return self.env._("Points by category"), header, rows

    def _get_money_rows(self):
        rows = [
            [self.env._("Outstanding points"), self.closing],
            [self.env._("Owed by customers"), self.owed],
            [self.env._("Sum of all balances"), self.closing - self.owed],
            [self.env._("A point costs"), self.point_cost],
            [self.env._("Never redeemed (%)"), self.breakage_percent],
            [self.env._("By the last 12 months (%)"), self.breakage_estimate],
            [self.env._("Liability before"), self.opening_liability],
            [self.env._("Liability now"), self.liability],
            [self.env._("Cost of rewards settled"), self.reward_cost],
        ]
        header = [self.env._("Figure"), self.env._("Value")]
        return self.env._("Liability"), header, rows

    def _get_book_rows(self):
        # sudo: who reads the sheet reads which accounts it names.
        program = self.program_id.sudo().with_company(self.company_id)
        accounts = {
            what: program[f"{what}_account_id"].display_name
            or program._fields[f"{what}_account_id"]._description_string(self.env)
            for what in ("expense", "liability", "income")
        }
        texts = self._get_book_texts()
        header = [
            self.env._("Text"),
            self.env._("Account"),
            self.env._("Debit"),
            self.env._("Credit"),
        ]
        rows = []
        for what, debit, credit, money in self._get_journal():
            rows.append([texts[what], accounts[debit], money, 0])
            rows.append([texts[what], accounts[credit], 0, money])
        return self.env._("Proposal for the books"), header, rows

    def _get_book_texts(self):
        """Return what each line of the proposal says."""
        return {
            "earned": self.env._("Points earned"),
            "redeemed": self.env._("Points redeemed"),
            "released": self.env._("Expired, taken back, estimate changed"),
            "added": self.env._("Estimate changed"),
        }

    # === BOOKS === #

    def _get_books_program(self):
        return self.program_id

    def _prepare_draft(self):
        """Return the journal entry of the month: the proposal of the sheet (PTS-12)."""
        texts, lines = self._get_book_texts(), []
        for what, debit, credit, money in self._get_journal():
            for account, side in ((debit, "debit"), (credit, "credit")):
                lines.append(
                    {
                        "name": texts[what],
                        "account_id": self._get_books_account(
                            f"{account}_account_id"
                        ).id,
                        side: money,
                    }
                )
        return {"move_type": "entry", "date": self.date_to, "lines": lines}

    def _get_sheet_title(self):
        """Return what stands above the sheet."""
        self.ensure_one()
        return self.env._(
            "%(club)s: points from %(first)s to %(last)s",
            club=self.program_id.name,
            first=fields.Date.to_string(self.date_from) or "",
            last=fields.Date.to_string(self.date_to),
        )
