import { Component, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { user } from "@web/core/user";
import { formatInteger } from "@web/views/fields/formatters";
import { ImportDrop } from "./import_drop";

/** Step 1: which files the user's post brings, and where to put one. */
export class ImportStart extends Component {
    static template = "cr_dealership.ImportStart";
    static components = { ImportDrop };
    static props = { start: Object, onError: Function, onOpen: Function };

    setup() {
        this.stores = user.activeCompanies;
        this.state = useState({ companyId: user.activeCompany.id });
    }

    setStore(ev) {
        this.state.companyId = Number(ev.target.value);
    }

    number(value) {
        return formatInteger(value);
    }

    moment(at) {
        return toLocaleDateTimeString(deserializeDateTime(at));
    }
}
