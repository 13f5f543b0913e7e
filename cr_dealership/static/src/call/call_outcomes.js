import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { AppointmentPicker } from "./appointment_picker";

const ICONS = {
    appointment: "fa-calendar-check-o",
    reached: "fa-check",
    refused: "fa-ban",
    retry: "fa-repeat",
    wrong: "fa-times",
};

/**
 * What choosing an outcome leads to, in words.
 *
 * @param {{ kind: string, is_last: boolean, suggested_text: string }} outcome
 * @returns {string}
 */
export function consequenceOf(outcome) {
    if (outcome.kind === "wrong") {
        return _t("The number is wrong: the calls close and the number must be repaired.");
    }
    if (outcome.is_last) {
        return _t("This was the last try: the calls close as lost contact.");
    }
    switch (outcome.kind) {
        case "retry":
            return _t("Will be called again %s.", outcome.suggested_text);
        case "reached":
            return _t("The ticked calls are done.");
        case "refused":
            return _t("The ticked calls close; the customer did not want to answer.");
        default:
            return "";
    }
}

/** The bar of outcomes: one key each, what each leads to, and the way on. */
export class CallOutcomes extends Component {
    static template = "cr_dealership.CallOutcomes";
    static components = { AppointmentPicker };
    static props = {
        busy: Boolean,
        error: String,
        nextAt: [Object, { value: false }],
        obstacle: String,
        onChoose: Function,
        onFinish: Function,
        onNextAt: Function,
        onRelease: Function,
        outcome: { type: Object, optional: true },
        outcomes: Array,
    };

    consequenceOf(outcome) {
        return consequenceOf(outcome);
    }

    iconOf(outcome) {
        return ICONS[outcome.kind];
    }
}
