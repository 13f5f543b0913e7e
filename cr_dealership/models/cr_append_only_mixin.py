from odoo import models
from odoo.tools import SQL

# Refuses DELETE, and UPDATE of anything but the columns named as arguments, which a
# merge of two contacts has to move to the remaining one.
_FUNCTION = """
CREATE OR REPLACE FUNCTION cr_refuse_change() RETURNS trigger AS $$
DECLARE
    movable text[] := TG_ARGV;
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - movable) = (to_jsonb(OLD) - movable) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Rows of % are never changed or deleted; record a correction',
        TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql
"""


class CrAppendOnlyMixin(models.AbstractModel):
    """Rows of a ledger: the database itself refuses to change or delete them.

    `_movable_columns` names the columns that a merge of contacts may move.
    """

    _name = "cr.append.only.mixin"
    _description = "Append-only ledger"

    _movable_columns = ()

    def init(self):
        """Put the trigger on the table of every model that inherits the mixin."""
        super().init()
        if self._abstract:
            return
        self.env.cr.execute(_FUNCTION)
        trigger = SQL.identifier(f"{self._table}_append_only")
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, table))
        self.env.cr.execute(
            SQL(
                "CREATE TRIGGER %s BEFORE UPDATE OR DELETE ON %s"
                " FOR EACH ROW EXECUTE FUNCTION cr_refuse_change(%s)",
                trigger,
                table,
                SQL(", ").join(SQL("%s", column) for column in self._movable_columns),
            )
        )
