import { Component } from "@odoo/owl";

import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** Lets every employee tell the CR department what he learnt about a customer. */
export class CaptureSystray extends Component {
    static template = "cr_dealership.CaptureSystray";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.action = useService("action");
    }

    tell() {
        return this.action.doAction("cr_dealership.cr_capture_action_new");
    }

    showMine() {
        return this.action.doAction("cr_dealership.cr_capture_action_mine");
    }
}

registry
    .category("systray")
    .add("cr_dealership.capture", { Component: CaptureSystray }, { sequence: 40 });
