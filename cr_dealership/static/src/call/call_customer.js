import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus } from "@web/core/utils/hooks";

/** Who is on the line: names, numbers, wishes, what the file still lacks, what was. */
export class CallCustomer extends Component {
    static template = "cr_dealership.CallCustomer";
    static props = {
        alerts: Array,
        customer: Object,
        history: Array,
        isDialNext: Boolean,
        onDial: Function,
        onOpen: Function,
        onUpdate: Function,
        partnerId: Number,
    };

    setup() {
        this.state = useState({ hours: false });
        useAutofocus({ refName: "hours" });
    }

    dialTitle(phone) {
        return _t("Dial %s", phone.masked);
    }

    /** Save one field of the file as soon as its box is left. */
    async onChange(field, ev) {
        const value = ev.target.value.trim();
        if (value) {
            await this.props.onUpdate({ [field]: value });
        }
    }

    async onHours(ev) {
        this.state.hours = false;
        const value = ev.target.value.trim();
        if (value !== (this.props.customer.preferred_hours || "")) {
            await this.props.onUpdate({ cr_preferred_hours: value });
        }
    }

    inputType(type) {
        return { date: "date", phone: "tel", email: "email" }[type] || "text";
    }
}
