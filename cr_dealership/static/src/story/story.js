import { Component, onWillStart, useState } from "@odoo/owl";

import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate, today } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const DUE_CLASSES = {
    late: "text-bg-danger",
    today: "text-bg-warning",
    later: "text-bg-light border",
    none: "text-bg-light border",
};

/** Everything that happened with a customer or a car, newest first. */
export class Story extends Component {
    static template = "cr_dealership.Story";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        const { params = {}, context = {} } = this.props.action;
        this.resModel =
            params.res_model ||
            context.active_model ||
            params.active_model ||
            context.params?.active_model ||
            "res.partner";
        this.resId = params.res_id || context.active_id || params.active_id;
        this.state = useState({
            head: null,
            kinds: [],
            chosen: [],
            entries: [],
            next: null,
            isLoading: false,
        });
        this.props.updateActionState?.({ active_model: this.resModel });
        onWillStart(() => this.load());
    }

    // === LOADING === //

    async load(before = null) {
        if (!this.resModel || !this.resId) {
            return;
        }
        this.state.isLoading = true;
        try {
            const page = await this.orm.call("cr.story", "get_story", [
                this.resModel,
                this.resId,
                before,
                this.state.chosen.length ? this.state.chosen : null,
            ]);
            this.state.head = page.head || this.state.head;
            this.state.kinds = page.kinds;
            this.state.next = page.next;
            this.state.entries = before
                ? [...this.state.entries, ...page.entries]
                : page.entries;
        } finally {
            this.state.isLoading = false;
        }
    }

    toggleKind(kind) {
        const { chosen } = this.state;
        this.state.chosen = chosen.includes(kind)
            ? chosen.filter((code) => code !== kind)
            : [...chosen, kind];
        return this.load();
    }

    showAll() {
        this.state.chosen = [];
        return this.load();
    }

    // === SHOWING === //

    /** Entries by month, the newest month first. */
    get months() {
        const months = [];
        for (const entry of this.state.entries) {
            const key = entry.day.slice(0, 7);
            if (months.at(-1)?.key !== key) {
                months.push({ key, label: this.monthLabel(entry.day), entries: [] });
            }
            months.at(-1).entries.push(entry);
        }
        return months;
    }

    monthLabel(day) {
        return deserializeDate(day).toLocaleString({ year: "numeric", month: "long" });
    }

    dayLabel(day) {
        return deserializeDate(day).toFormat("dd");
    }

    date(day) {
        return day ? formatDate(deserializeDate(day)) : "";
    }

    money(amount) {
        return formatCurrency(amount, user.activeCompany.currency_id);
    }

    kmText(value) {
        return _t("about %s km today", formatInteger(value));
    }

    get hoursText() {
        return _t("Preferred hours: %s", this.state.head.hours);
    }

    get missingText() {
        const { completeness, missing } = this.state.head;
        return _t("File completeness %(percent)s %. Missing: %(names)s", {
            percent: completeness,
            names: missing,
        });
    }

    dueClass(state) {
        return DUE_CLASSES[state] || DUE_CLASSES.none;
    }

    /** How far away a day is, as people say it. */
    distance(day) {
        const days = Math.round(deserializeDate(day).diff(today(), "days").days);
        if (days === 0) {
            return _t("today");
        }
        return days < 0 ? _t("%s days late", -days) : _t("in %s days", days);
    }

    get initials() {
        return (this.state.head?.partner_name || this.state.head?.name || "?").slice(0, 1);
    }

    // === OPENING === //

    open(resModel, resId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    openEntry(entry) {
        // A note has no screen of its own; it stands in the chatter of the file.
        return entry.model === "mail.message"
            ? this.open(this.resModel, this.resId)
            : this.open(entry.model, entry.res_id);
    }
}

registry.category("actions").add("cr_story", Story);
