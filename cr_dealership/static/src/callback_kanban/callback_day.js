import { Component, onWillStart, onMounted, useRef, useState } from "@odoo/owl";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { sentenceOf } from "../call/call_errors";

const CALLBACK = "cr.callback";
const RELOAD_AFTER = 300;

/** The agent's day above his cards: progress, what is late, and the next customer. */
export class CallbackDay extends Component {
    static template = "cr_dealership.CallbackDay";
    static props = { bus: Object };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.startRef = useRef("start");
        this.state = useState({ busy: false, error: "", summary: null });
        onWillStart(() => this.load());
        // Loading the cards tells of several updates at once.
        const reload = useDebounced(() => this.load(), RELOAD_AFTER);
        useBus(this.props.bus, "update", reload);
        // The day begins with Enter: the search box would swallow it.
        onMounted(() => this.startRef.el?.focus({ preventScroll: true }));
    }

    get percent() {
        const { done, quota } = this.state.summary;
        return quota ? Math.min(100, Math.round((100 * done) / quota)) : 0;
    }

    /** Who may not call sees the cards without a day of his own above them. */
    async load() {
        try {
            const summary = await this.orm.silent.call(CALLBACK, "get_day_summary", []);
            this.state.summary = summary;
        } catch (error) {
            if (!sentenceOf(error)) {
                throw error;
            }
        }
    }

    /** Take the most urgent card that nobody else holds. */
    async start() {
        await this.open(() => this.orm.call(CALLBACK, "take_next", []));
    }

    /** Go on with the conversation that was left open. */
    async resume() {
        const { id } = this.state.summary.open_session;
        await this.open(() => ({
            type: "ir.actions.client",
            tag: "cr_call_workplace",
            params: { session_id: id },
        }));
    }

    async takeAppointment() {
        const { id } = this.state.summary.next_appointment;
        await this.open(() => this.orm.call(CALLBACK, "action_take", [[id]]));
    }

    async open(request) {
        Object.assign(this.state, { busy: true, error: "" });
        try {
            await this.action.doAction(await request());
        } catch (error) {
            this.state.error = sentenceOf(error);
            if (!this.state.error) {
                throw error;
            }
        } finally {
            this.state.busy = false;
        }
    }
}
