import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { sentenceOf } from "./call_errors";

const SAVE_AFTER = 800;
const RETRY_AFTER = 5000;
const MODEL = "cr.call.session";

/**
 * Keeps what the agent typed and ticked on the server while the call goes on, so
 * that closing the browser loses nothing. The whole draft travels each time, one
 * request after the other, so the last one wins.
 */
export class CallDraft {
    constructor(orm) {
        this.orm = orm;
        this.sessionId = false;
        this.values = {};
        this.isDirty = false;
        this.running = null;
        this.timer = null;
        // saved | waiting | saving | failed
        this.state = reactive({ status: "saved", error: "", isOffline: false });
    }

    /** Take over what the server kept of an earlier visit. */
    start(sessionId, values) {
        Object.assign(this, { sessionId, values });
    }

    /** Note what changed and save it soon. */
    put(values) {
        Object.assign(this.values, values);
        this.isDirty = true;
        this.state.status = "waiting";
        this.schedule(SAVE_AFTER);
    }

    /**
     * Save at once.
     *
     * @returns {Promise<boolean>} whether everything is on the server
     */
    flush() {
        browser.clearTimeout(this.timer);
        this.running ||= this.drain().finally(() => (this.running = null));
        return this.running;
    }

    /** Hand the rest to the browser, which sends it even when the page is gone. */
    send() {
        // A request still under way is cancelled with the page: send it once more.
        if (!this.isDirty && !this.running) {
            return;
        }
        const params = {
            model: MODEL,
            method: "save_draft",
            args: [[this.sessionId], this.values],
            kwargs: {},
        };
        const body = JSON.stringify({ jsonrpc: "2.0", method: "call", params });
        const url = `/web/dataset/call_kw/${MODEL}/save_draft`;
        if (navigator.sendBeacon(url, new Blob([body], { type: "application/json" }))) {
            this.isDirty = false;
        }
    }

    /** Keep still while the call is being closed: the result carries the note itself. */
    async pause() {
        browser.clearTimeout(this.timer);
        await this.running;
    }

    /** Go on saving when the call could not be closed. */
    resume() {
        if (this.isDirty) {
            this.schedule(SAVE_AFTER);
        }
    }

    /** Forget what is not saved: the call has ended. */
    stop() {
        browser.clearTimeout(this.timer);
        this.isDirty = false;
        this.state.status = "saved";
    }

    schedule(delay) {
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.flush(), delay);
    }

    async drain() {
        while (this.isDirty) {
            this.isDirty = false;
            this.state.status = "saving";
            try {
                const args = [[this.sessionId], { ...this.values }];
                await this.orm.silent.call(MODEL, "save_draft", args);
            } catch (error) {
                this.isDirty = true;
                this.onError(error);
                return false;
            }
        }
        Object.assign(this.state, { status: "saved", error: "", isOffline: false });
        return true;
    }

    onError(error) {
        const sentence = sentenceOf(error);
        const isOffline = error instanceof ConnectionLostError;
        Object.assign(this.state, { status: "failed", error: sentence, isOffline });
        if (!sentence) {
            throw error;
        }
        if (isOffline) {
            this.schedule(RETRY_AFTER);
        }
    }
}
