import { Component, onPatched, useRef, useState } from "@odoo/owl";

const SCORES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/**
 * The questions of an interview: one key or click each. On a question 1 to 9 answer and
 * 0 is ten; - says that the customer cannot say. A low answer asks why in place.
 */
export class CallQuestions extends Component {
    static template = "cr_dealership.CallQuestions";
    static props = {
        call: Object,
        onAnswer: Function,
        onWhy: Function,
        onWordsLeft: Function,
    };

    setup() {
        this.scores = SCORES;
        this.interview = useState(this.props.call.interview);
        this.root = useRef("root");
        this.focusNext = null;
        onPatched(() => this.moveFocus());
    }

    get done() {
        return this.interview.questions.filter((question) => this.isDone(question)).length;
    }

    isDone(question) {
        return question.value !== false && question.value !== "";
    }

    isChosen(question, score) {
        return question.value === `${score}`;
    }

    labelOf(question) {
        return this.interview.labels[question.value] || "";
    }

    /** What the answer calls for: nothing, the reason, or a check of the car too. */
    followOf(question) {
        if (question.type === "scale") {
            const score = Number(question.value);
            return score > 0 && score < question.follow_below ? "why" : "none";
        }
        const choice = question.choices.find(({ id }) => id === question.value);
        return choice ? choice.follow : "none";
    }

    /** To the words if the answer asks why, else to the next question, at once. */
    answer(question, value) {
        this.props.onAnswer(this.props.call, question, value);
        this.focusNext = question;
        this.render();
    }

    moveFocus() {
        const question = this.focusNext;
        if (!question) {
            return;
        }
        this.focusNext = null;
        const card = this.root.el.querySelector(`[data-question="${question.id}"]`);
        const why = card.querySelector("textarea.o_cr_why");
        if (why && !question.comment) {
            why.focus();
        } else {
            this.focusAfter(card);
        }
    }

    focusAfter(card) {
        let next = card.nextElementSibling;
        while (next && next.classList.contains("o_cr_question_done")) {
            next = next.nextElementSibling;
        }
        if (next) {
            next.focus();
            next.scrollIntoView({ block: "nearest" });
        } else {
            document.activeElement.blur();
        }
    }

    onKeydown(ev, question) {
        const isChord = ev.altKey || ev.ctrlKey || ev.metaKey;
        if (isChord || ev.repeat || ev.isComposing) {
            return;
        }
        const card = ev.currentTarget;
        if (ev.target.matches("textarea")) {
            this.onKeyInText(ev, card);
        } else if (["ArrowDown", "ArrowUp"].includes(ev.key)) {
            ev.preventDefault();
            const way = ev.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
            card[way]?.focus();
        } else if (ev.key === "Enter" && ev.target === card) {
            ev.preventDefault();
            this.onEnter(card);
        } else {
            this.onDigit(ev, question);
        }
    }

    /** Enter goes on from the words; with Shift it is a new line. */
    onKeyInText(ev, card) {
        if (ev.key === "Enter" && !ev.shiftKey) {
            ev.preventDefault();
            this.focusAfter(card);
        }
    }

    /** Enter on a question goes into its words, or on to the next one. */
    onEnter(card) {
        const words = card.querySelector("textarea");
        if (words) {
            words.focus();
        } else {
            this.focusAfter(card);
        }
    }

    onDigit(ev, question) {
        if (!this.interview.is_open) {
            return;
        }
        const value = this.valueOfKey(ev.key, question);
        if (value !== undefined) {
            ev.preventDefault();
            this.answer(question, value);
        }
    }

    valueOfKey(key, question) {
        if (question.type === "scale") {
            if (key === "-") {
                return "0";
            }
            return /^[0-9]$/.test(key) ? (key === "0" ? "10" : key) : undefined;
        }
        return question.choices[Number(key) - 1]?.id;
    }
}
