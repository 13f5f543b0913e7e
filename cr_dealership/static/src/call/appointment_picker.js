import { Component } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;
const AFTERNOON = { hour: 15, minute: 0, second: 0, millisecond: 0 };
const MORNING = { hour: 9, minute: 30, second: 0, millisecond: 0 };
const ROUND_MINUTES = 5;

/**
 * The usual answers to "when may we call you?".
 *
 * @param {DateTime} now
 * @returns {{ id: string, label: string, at: DateTime }[]} only moments to come
 */
export function appointmentChoices(now) {
    const inAnHour = now.plus({ hours: 1 });
    const choices = [
        {
            id: "hour",
            label: _t("In an hour"),
            at: inAnHour
                .plus({ minutes: (ROUND_MINUTES - (inAnHour.minute % ROUND_MINUTES)) % ROUND_MINUTES })
                .startOf("minute"),
        },
        { id: "afternoon", label: _t("This afternoon"), at: now.set(AFTERNOON) },
        { id: "morning", label: _t("Tomorrow morning"), at: now.plus({ days: 1 }).set(MORNING) },
    ];
    return choices.filter(({ at }) => at > now).sort((one, other) => one.at - other.at);
}

/** When the customer wants to be called: the usual choices, or the exact moment. */
export class AppointmentPicker extends Component {
    static template = "cr_dealership.AppointmentPicker";
    static components = { DateTimeInput };
    static props = { onChange: Function, value: [Object, { value: false }] };

    setup() {
        this.now = DateTime.now();
        this.choices = appointmentChoices(this.now);
    }

    isChosen(choice) {
        return Boolean(this.props.value) && +this.props.value === +choice.at;
    }

    timeOf(choice) {
        return choice.at.toFormat("HH:mm");
    }
}
