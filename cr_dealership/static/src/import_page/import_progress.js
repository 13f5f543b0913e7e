import { Component, onWillUpdateProps } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

function doneOf({ counts, state }) {
    return state === "loading" ? counts.total - counts.ready : counts.total;
}

/** While the server reads or loads: how far it is, and how fast it goes on. */
export class ImportProgress extends Component {
    static template = "cr_dealership.ImportProgress";
    static props = { page: Object };

    setup() {
        this.begin(this.props.page);
        onWillUpdateProps(({ page }) => {
            if (page.state !== this.props.page.state) {
                this.begin(page);
            }
        });
    }

    /** Speed counts from where we began to watch: waiting for a turn is no slowness. */
    begin(page) {
        this.first = doneOf(page);
        this.since = Date.now();
    }

    get isLoading() {
        return this.props.page.state === "loading";
    }

    get done() {
        return doneOf(this.props.page);
    }

    /** How much is done; how long a file is shows only when it has been read. */
    get percent() {
        const { total } = this.props.page.counts;
        return this.isLoading && total ? Math.floor((100 * this.done) / total) : 100;
    }

    get words() {
        const done = formatInteger(this.done);
        if (this.isLoading) {
            const total = formatInteger(this.props.page.counts.total);
            return _t("%(done)s of %(total)s rows done", { done, total });
        }
        return this.done
            ? _t("%s rows read", done)
            : _t("The file is about to be read…");
    }

    get speed() {
        const seconds = (Date.now() - this.since) / 1000;
        const speed = Math.round((this.done - this.first) / Math.max(seconds, 1));
        return speed > 0 ? _t("%s rows a second", formatInteger(speed)) : "";
    }
}
