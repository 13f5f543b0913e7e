from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

_FINANCE = "cr_dealership.group_cr_dealership_finance"
# What Odoo asks of a company before it takes such a document.
_JOURNALS = {"out_invoice": "sale", "in_invoice": "purchase", "entry": "general"}
_COUNTERPARTS = {"out_invoice": "asset_receivable", "in_invoice": "liability_payable"}


class CrPointsBooksMixin(models.AbstractModel):
    """What finance signed off goes into the books as a draft, once (ROL-13).

    Nothing is posted here: who keeps the books checks the draft. One that was deleted
    there may be made anew. A host says in `_prepare_draft` what the draft holds, and
    keeps `move_id` unique in the database.
    """

    _name = "cr.points.books.mixin"
    _description = "Draft for the books"
    _inherit = ["cr.settled.mixin"]

    move_id = fields.Many2one(
        "account.move",
        string="Draft for the books",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    move_text = fields.Char(
        string="In the books", compute="_compute_move_text", compute_sudo=True
    )

    # === COMPUTE === #

    @api.depends("move_id.state", "move_id.name")
    def _compute_move_text(self):
        for one in self:
            move = one.move_id
            states = dict(move._fields["state"]._description_selection(self.env))
            one.move_text = move and f"{move.display_name}, {states[move.state]}"

    # === ACTIONS === #

    def action_make_draft(self):
        """Make the drafts for the books of what was signed off; each once (CLB-25)."""
        self.check_access("write")
        if not self.env.user.has_group(_FINANCE):
            raise AccessError(
                self.env._(
                    "Finance hands over to the books, nobody else; ask the finance"
                    " manager."
                )
            )
        # Two who press at once come one after the other, and the second starts over.
        self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        for one in self:
            one._check_ready_for_books()
            # sudo: finance of the club need not keep the books; it hands a draft over,
            # which stands on what it signed.
            books = self.env["account.move"].sudo().with_company(one.company_id)
            one._settle(move_id=books.create(one._prepare_move()).id)
        return self.action_open_draft()

    def action_open_draft(self):
        """Open the draft, for who may read the books; the others are told its name."""
        moves = self.env["account.move"].browse(self.sudo().move_id.ids)
        if not moves.has_access("read"):
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "message": "; ".join(filter(None, self.mapped("move_text"))),
                    "type": "success",
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drafts for the books"),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")][len(moves) == 1 :],
            "res_id": moves.id if len(moves) == 1 else False,
            "domain": [("id", "in", moves.ids)],
        }

    # === BUSINESS === #

    def _check_ready_for_books(self):
        """Raise unless this was signed off, and does not stand in the books yet."""
        self.ensure_one()
        if self.state != "signed":
            raise UserError(
                self.env._(
                    "%s is not signed off yet; sign it off, then hand it over to the"
                    " books.",
                    self.display_name,
                )
            )
        if self.sudo().move_id:
            raise UserError(
                self.env._(
                    "%(name)s stands in the books already: %(move)s. To make it anew,"
                    " have the draft deleted there.",
                    name=self.display_name,
                    move=self.move_text,
                )
            )

    def _prepare_move(self):
        """Return the draft as Odoo's books take it."""
        values = self._prepare_draft()
        kind = values["move_type"]
        lines = values.pop("lines")
        if not lines:
            raise UserError(
                self.env._(
                    "%s moves no money; there is nothing to book.", self.display_name
                )
            )
        key = "line_ids" if kind == "entry" else "invoice_line_ids"
        return {
            "ref": self.display_name,
            "company_id": self.company_id.id,
            "currency_id": self.company_id.currency_id.id,
            "journal_id": self._get_books_journal(kind).id,
            key: [Command.create(line) for line in lines],
            **values,
        }

    def _get_books_journal(self, kind):
        """Return the journal for a kind of document; say what the books lack."""
        company = self.company_id
        # sudo: only whether the books are set up is asked.
        journal = (
            self.env["account.journal"]
            .sudo()
            .search(
                [("company_id", "=", company.id), ("type", "=", _JOURNALS[kind])],
                limit=1,
            )
        )
        if not journal or not self._has_counterpart(kind):
            raise UserError(
                self.env._(
                    "%(store)s keeps no books in Odoo that take %(name)s. Choose a"
                    " chart of accounts under Invoicing > Configuration > Settings.",
                    store=company.name,
                    name=self.display_name,
                )
            )
        return journal

    def _has_counterpart(self, kind):
        """Say whether the store has an account for what partners owe, or get."""
        account_type = _COUNTERPARTS.get(kind)
        domain = [
            ("company_ids", "in", self.company_id.ids),
            ("account_type", "=", account_type),
        ]
        # sudo: as above.
        accounts = self.env["account.account"].sudo()
        return not account_type or bool(accounts.search_count(domain, 1))

    def _get_books_account(self, name):
        """Return an account of the club's settings, or say that it is missing.

        :param str name: field of the programme
        """
        # sudo: who hands over need not see how the club is set up.
        program = self._get_books_program().sudo()
        if not program[name]:
            raise UserError(
                self.env._(
                    "“%(field)s” of “%(club)s” is not set: choose the account under"
                    " Configuration > Club > Clubs > Redeeming.",
                    field=program._fields[name]._description_string(self.env),
                    club=program.name,
                )
            )
        return program[name]

    # === HOOKS === #

    def _get_books_program(self):
        """Return the club whose settings name the accounts."""
        raise NotImplementedError

    def _prepare_draft(self):
        """Return `move_type`, `lines` (values), and whatever else the draft holds."""
        raise NotImplementedError
