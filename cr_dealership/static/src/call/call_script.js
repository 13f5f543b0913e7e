import { Component, useRef } from "@odoo/owl";
import { useAutoresize } from "@web/core/utils/autoresize";

const ICONS = { ask: "fa-question-circle-o", remind: "fa-bell-o", say: "fa-comment-o" };

/** What the agent reads, line by line, for every call this conversation settles. */
export class CallScript extends Component {
    static template = "cr_dealership.CallScript";
    static props = {
        answers: Object,
        callbacks: Array,
        draft: Object,
        lines: Object,
        note: String,
        onAnswer: Function,
        onLine: Function,
        onNote: Function,
        onNoteLeft: Function,
    };

    setup() {
        useAutoresize(useRef("note"), { minimumHeight: 72 });
    }

    /**
     * The calls with their lines. A sentence two calls share, such as the greeting, is
     * read once and stands under the first of them only.
     */
    get sections() {
        const spoken = new Set();
        return this.props.callbacks.map((call) => {
            const fresh = call.script.filter((line) => line.topic_id || !spoken.has(line.text));
            fresh.forEach(({ text }) => spoken.add(text));
            const answer = call.answers?.find(({ id }) => id === this.props.answers[call.id]);
            return { answer, call, lines: fresh.map((line) => this.lineOf(call, line)) };
        });
    }

    lineOf(call, line) {
        const key = `${call.id}-${line.id}`;
        return { ...line, key, icon: ICONS[line.kind], isDone: this.props.lines[key] };
    }
}
