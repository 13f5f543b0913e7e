import { Component } from "@odoo/owl";
import { formatInteger } from "@web/views/fields/formatters";

/** What else can be settled in this conversation, and what the household's cars need. */
export class CallDue extends Component {
    static template = "cr_dealership.CallDue";
    static props = {
        callbacks: Array,
        checked: Object,
        household: Array,
        onOpen: Function,
        onToggle: Function,
    };

    kilometres(vehicle) {
        return formatInteger(vehicle.km);
    }
}
