import { Component, onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { sentenceOf } from "./call_errors";

const SESSION = "cr.call.session";

/** Book a visit while talking: car, work, one of the next free times; can be undone. */
export class CallBooking extends Component {
    static template = "cr_dealership.CallBooking";
    static props = { sessionId: Number };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            busy: false,
            carId: false,
            chosen: {},
            error: "",
            isOpen: false,
            panel: null,
            wish: "",
        });
        onWillStart(() => this.ask("get_booking"));
    }

    /** The service types of the chosen kind of work. */
    get types() {
        return this.state.panel.types.filter(({ kind }) => kind === this.state.panel.kind);
    }

    get booked() {
        return this.state.panel?.booked || [];
    }

    open() {
        this.state.isOpen = true;
    }

    setKind(kind) {
        this.state.chosen = {};
        return this.ask("get_booking", kind);
    }

    setCar(ev) {
        this.state.carId = Number(ev.target.value);
    }

    toggleType(id) {
        this.state.chosen[id] = !this.state.chosen[id];
    }

    async book(slotId) {
        const types = this.types.filter(({ id }) => this.state.chosen[id]);
        const isBooked = await this.ask("book_visit", {
            slot_id: slotId,
            vehicle_id: this.state.carId,
            type_ids: types.map(({ id }) => id),
            wish: this.state.wish,
        });
        if (isBooked) {
            Object.assign(this.state, { chosen: {}, isOpen: false, wish: "" });
        } else {
            await this.refresh();
        }
    }

    undo(id) {
        return this.ask("undo_visit", id);
    }

    /** Somebody else was faster: show what is free now beside the sentence. */
    async refresh() {
        const { error } = this.state;
        await this.ask("get_booking", this.state.panel.kind);
        this.state.error ||= error;
    }

    /** Call the session; a refusal is shown in place. */
    async ask(method, ...args) {
        Object.assign(this.state, { busy: true, error: "" });
        try {
            const panel = await this.orm.call(SESSION, method, [[this.props.sessionId], ...args]);
            const carIds = panel.cars.map(({ id }) => id);
            const carId = carIds.includes(this.state.carId) ? this.state.carId : carIds[0];
            Object.assign(this.state, { panel, carId: carId || false });
            return true;
        } catch (error) {
            this.state.error = sentenceOf(error);
            if (!this.state.error) {
                throw error;
            }
            return false;
        } finally {
            this.state.busy = false;
        }
    }
}
