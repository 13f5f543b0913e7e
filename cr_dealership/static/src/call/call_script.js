import { Component, useRef } from "@odoo/owl";
import { useAutoresize } from "@web/core/utils/autoresize";
import { CallQuestions } from "./call_questions";

const ICONS = { ask: "fa-question-circle-o", remind: "fa-bell-o", say: "fa-comment-o" };

/** What the agent reads, line by line, for every call this conversation settles. */
export class CallScript extends Component {
    static template = "cr_dealership.CallScript";
    static components = { CallQuestions };
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
        onQuestion: Function,
        onWhy: Function,
        onWordsLeft: Function,
    };

    setup() {
        useAutoresize(useRef("note"), { minimumHeight: 72 });
    }

    /**
     * The calls with their lines. A sentence two calls share, such as the greeting, is
     * read once and stands under the first of them only. Where a questionnaire is asked,
     * its questions take the place of those of the script.
     */
    get sections() {
        const spoken = new Set();
        return this.props.callbacks.map((call) => {
            const isFresh = (line) => line.topic_id || !spoken.has(line.text);
            const parts = this.partsOf(call).map((lines) =>
                lines.filter(isFresh).map((line) => this.lineOf(call, line))
            );
            call.script.forEach(({ text }) => spoken.add(text));
            const answer = call.answers?.find(({ id }) => id === this.props.answers[call.id]);
            return { answer, call, parts, isEmpty: !parts.flat().length };
        });
    }

    /** The lines before and after the questionnaire, which begins at the first question. */
    partsOf({ interview, script }) {
        if (!interview) {
            return [script];
        }
        const first = script.findIndex((line) => line.kind === "ask");
        const place = first < 0 ? script.length : first;
        return [
            script.slice(0, place),
            script.slice(place).filter((line) => line.kind !== "ask"),
        ];
    }

    lineOf(call, line) {
        const key = `${call.id}-${line.id}`;
        return { ...line, key, icon: ICONS[line.kind], isDone: this.props.lines[key] };
    }
}
