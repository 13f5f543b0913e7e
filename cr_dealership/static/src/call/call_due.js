import { Component } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";
import { CallBooking } from "./call_booking";

/** What else can be settled in this conversation, and what the household's cars need. */
export class CallDue extends Component {
    static template = "cr_dealership.CallDue";
    static components = { CallBooking };
    static props = {
        callbacks: Array,
        checked: Object,
        household: Array,
        onOpen: Function,
        onToggle: Function,
        sessionId: Number,
    };

    kilometres(vehicle) {
        return formatInteger(vehicle.km);
    }
}
