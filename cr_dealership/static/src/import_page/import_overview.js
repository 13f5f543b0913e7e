import { Component, useState } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";
import { ImportRows } from "./import_rows";

/** Counts of an import; a number shows the rows that it counts. */
export class ImportOverview extends Component {
    static template = "cr_dealership.ImportOverview";
    static components = { ImportRows };
    static props = {
        page: Object,
        // [{ what, count, label, title, icon, tone, isPlain }]; plain ones show no rows
        tiles: Array,
        first: String,
    };

    setup() {
        this.state = useState({ reason: false, what: this.props.first });
    }

    get label() {
        const { reason, what } = this.state;
        return reason
            ? this.props.page.reasons.find(({ code }) => code === reason)?.label || ""
            : this.props.tiles.find((tile) => tile.what === what)?.label || "";
    }

    number(value) {
        return formatInteger(value);
    }

    choose(what, reason = false) {
        Object.assign(this.state, { what, reason });
    }
}
