import { Component } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";
import { CallBooking } from "./call_booking";
import { CallHousehold } from "./call_household";

/** What else can be settled in this conversation, and what the household's cars need. */
export class CallDue extends Component {
    static template = "cr_dealership.CallDue";
    static components = { CallBooking, CallHousehold };
    static props = {
        callbacks: Array,
        caseAnswers: Object,
        checked: Object,
        household: Array,
        lines: Array,
        onCaseAnswer: Function,
        onOpen: Function,
        onSpoken: Function,
        onToggle: Function,
        sessionId: Number,
        spoken: Object,
    };

    kilometres(vehicle) {
        return formatInteger(vehicle.km);
    }
}
