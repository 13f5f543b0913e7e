import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";

const BATCH = "cr.import.batch";

/** Some rows of an import as they were understood, with what was done to each. */
export class ImportRows extends Component {
    static template = "cr_dealership.ImportRows";
    static props = {
        batchId: Number,
        label: String,
        reason: { type: [String, Boolean], optional: true },
        what: String,
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.last = new KeepLast();
        this.state = useState({ columns: [], rows: [], total: 0 });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load({ batchId, what, reason }, offset = 0) {
        const found = await this.last.add(
            this.orm.call(BATCH, "get_rows", [[batchId], what, reason || null, offset])
        );
        const rows = offset ? [...this.state.rows, ...found.rows] : found.rows;
        Object.assign(this.state, { ...found, rows });
    }

    more() {
        return this.load(this.props, this.state.rows.length);
    }

    get isRefused() {
        return this.props.what === "refused";
    }

    get title() {
        return _t("%(what)s: %(shown)s of %(total)s", {
            what: this.props.label,
            shown: formatInteger(this.state.rows.length),
            total: formatInteger(this.state.total),
        });
    }

    async openRecord(row) {
        const args = [[row.id]];
        const action = await this.orm.call("cr.import.row", "action_open_record", args);
        return action && this.action.doAction(action);
    }

    async openList() {
        const args = [[this.props.batchId], this.props.what];
        const action = await this.orm.call(BATCH, "action_open_rows", args);
        return this.action.doAction(action);
    }
}
