import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { ImportDrop } from "./import_drop";
import { ImportOverview } from "./import_overview";
import { firstOf, resultTiles } from "./import_tiles";

const FIRST = ["refused", "doubtful", "new", "changed"];

/** Step 4, when it is over: what became of the rows and what is left to do. */
export class ImportResult extends Component {
    static template = "cr_dealership.ImportResult";
    static components = { ImportDrop, ImportOverview };
    static props = {
        page: Object,
        isBusy: Boolean,
        onAct: Function,
        onError: Function,
        onOpen: Function,
    };

    get tiles() {
        return resultTiles(this.props.page.counts);
    }

    get first() {
        return firstOf(this.props.page.counts, FIRST);
    }

    get refusedUrl() {
        return `/cr_dealership/import/${this.props.page.id}/refused`;
    }

    get headline() {
        const { counts, repeated } = this.props.page;
        if (repeated) {
            return _t(
                "“%(name)s” of %(on)s was this very file; nothing was recorded twice.",
                {
                    name: repeated.name,
                    on: toLocaleDateTimeString(deserializeDateTime(repeated.on)),
                }
            );
        }
        const numbers = {
            recorded: formatInteger(counts.new + counts.changed),
            refused: formatInteger(counts.refused),
        };
        return counts.refused
            ? _t("Done: %(recorded)s rows recorded, %(refused)s refused.", numbers)
            : _t("Done: %(recorded)s rows recorded, none refused.", numbers);
    }

    get speed() {
        const { repeated, rows_per_second: speed } = this.props.page;
        return speed && !repeated ? _t("%s rows a second", formatInteger(speed)) : "";
    }

    get staff() {
        return this.props.page.unknown_staff.join(", ");
    }
}
