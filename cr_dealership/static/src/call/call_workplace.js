import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CallCustomer } from "./call_customer";
import { CallDraft } from "./call_draft";
import { CallDue } from "./call_due";
import { sentenceOf } from "./call_errors";
import { CallOutcomes, consequenceOf } from "./call_outcomes";
import { CallInterviews } from "./call_interviews";
import { CallScript } from "./call_script";

const CALLBACK = "cr.callback";
const SESSION = "cr.call.session";
const MY_CALLS = "cr_dealership.cr_callback_action";

/** Whether a key press belongs to a field the agent is typing in. */
function isEditable(target) {
    return (
        target instanceof HTMLElement &&
        (target.isContentEditable ||
            target.matches("textarea, select, input:not([type=checkbox]):not([type=radio])"))
    );
}

/** Whether a key press belongs to a question of the interview. */
function isQuestion(target) {
    return target instanceof HTMLElement && Boolean(target.closest(".o_cr_question"));
}

/** Go to the first question without an answer; digits answer from then on. */
function focusOpenQuestion(root) {
    const question = root.querySelector(".o_cr_question:not(.o_cr_question_done)");
    question?.focus();
    return Boolean(question);
}

/** What was decided, line by line, with the words of the customer. */
function decisionsOf(answers, note) {
    const decided = Object.entries(answers).filter(([, reasonId]) => reasonId);
    return Object.fromEntries(
        decided.map(([id, reasonId]) => [id, { reason_id: reasonId, note }])
    );
}

/**
 * The call workplace: everything about one customer while the agent talks to him.
 *
 * One session is one conversation. It may close several callbacks of the customer; what
 * is typed is kept as a draft on the session, so leaving loses nothing.
 */
export class CallWorkplace extends Component {
    static template = "cr_dealership.CallWorkplace";
    static components = { CallCustomer, CallDue, CallOutcomes, CallScript, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.ui = useState(useService("ui"));
        this.rootRef = useRef("root");
        this.mutex = new Mutex();
        this.draft = new CallDraft(this.orm);
        this.draftState = useState(this.draft.state);
        this.interviews = new CallInterviews(this.orm, this.mutex, this.draft);
        this.state = useState({
            answers: {},
            busy: false,
            caseAnswers: {},
            checked: {},
            closed: "",
            data: null,
            dialled: null,
            error: "",
            lines: {},
            nextAt: false,
            note: "",
            outcomeId: false,
            spoken: {},
            tab: "customer",
        });
        onWillStart(() => this.load());
        useSetupAction({
            beforeLeave: () => this.beforeLeave(),
            beforeUnload: () => this.draft.send(),
            // A telephone drops pages in the background without another word.
            beforeVisibilityChange: () => document.hidden && this.draft.send(),
        });
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        useHotkey("enter", () => this.finish(), {
            isAvailable: (target) => this.canFinish && !this.ownsEnter(target),
        });
        useHotkey("control+enter", () => this.finish(), {
            bypassEditableProtection: true,
            isAvailable: () => this.canFinish,
        });
        useHotkey("escape", ({ target }) => this.onEscape(target));
    }

    // ------------------------------------------------------------------
    // What the template asks
    // ------------------------------------------------------------------

    get tabs() {
        const due = `${this.chosen.length}/${this.state.data.callbacks.length}`;
        return [
            { id: "customer", label: _t("Customer"), icon: "fa-user-o" },
            { id: "script", label: _t("Script"), icon: "fa-comments-o" },
            { id: "due", label: _t("Also due"), icon: "fa-list-ul", count: due },
        ];
    }

    get chosen() {
        return this.state.data.callbacks.filter(({ id }) => this.state.checked[id]);
    }

    get outcome() {
        return this.state.data?.outcomes.find(({ id }) => id === this.state.outcomeId);
    }

    get isAppointment() {
        return this.outcome?.kind === "appointment";
    }

    /** Why the call can't be finished yet; empty when it can. */
    get obstacle() {
        if (!this.outcome) {
            return _t("Choose how the call went: keys 1 to 8.");
        }
        if (!this.chosen.length) {
            return _t("Tick at least one call that this conversation settles.");
        }
        if (this.isAppointment && !this.state.nextAt) {
            return _t("Choose when the customer wants to be called.");
        }
        return "";
    }

    get canFinish() {
        return Boolean(this.state.data) && !this.state.busy && !this.obstacle;
    }

    isShown(tab) {
        return !this.ui.isSmall || this.state.tab === tab;
    }

    // ------------------------------------------------------------------
    // Loading and leaving
    // ------------------------------------------------------------------

    async load() {
        try {
            const sessionId = await this.findSession();
            if (!sessionId) {
                this.state.closed = _t("You have no conversation open at the moment.");
                return;
            }
            const data = await this.orm.call(SESSION, "get_workplace", [[sessionId]]);
            this.draft.start(sessionId, data.session.draft || {});
            this.props.updateActionState?.({ resId: sessionId });
            this.show(data);
        } catch (error) {
            this.state.closed = sentenceOf(error);
            if (!this.state.closed) {
                throw error;
            }
        }
    }

    /** The conversation asked for, else the one the agent left open. */
    async findSession() {
        const known = this.props.action.params?.session_id || this.props.resId;
        if (known) {
            return known;
        }
        const { open_session: open } = await this.orm.call(CALLBACK, "get_day_summary", []);
        return open && open.id;
    }

    show(data) {
        const draft = this.draft.values;
        const ticked = draft.callback_ids;
        const isTicked = (call) => (ticked ? ticked.includes(call.id) : call.checked);
        this.env.config.setDisplayName(data.customer.name);
        this.interviews.start(data, draft.interviews || {});
        Object.assign(this.state, {
            data,
            note: draft.note ?? data.session.note,
            nextAt: draft.next_at ? deserializeDateTime(draft.next_at) : false,
            answers: draft.answers || {},
            caseAnswers: draft.case_answers || {},
            spoken: draft.spoken || {},
            outcomeId: draft.outcome_id || false,
            checked: Object.fromEntries(
                data.callbacks.map((call) => [call.id, isTicked(call)])
            ),
            lines: Object.fromEntries((draft.line_keys || []).map((key) => [key, true])),
        });
    }

    /** Keep the draft before another screen opens; stay while there is no connection. */
    async beforeLeave() {
        await this.saveWords();
        const isSaved = await this.draft.flush();
        if (!isSaved) {
            this.notification.add(this.draftState.error, { type: "danger" });
        }
        return isSaved || !this.draftState.isOffline;
    }

    /** Go back to the list this call was taken from. */
    leave() {
        if (this.env.config.breadcrumbs?.length > 1) {
            return this.env.config.historyBack();
        }
        return this.action.doAction(MY_CALLS, { clearBreadcrumbs: true });
    }

    async release() {
        await this.run(async () => {
            await this.interviews.send();
            await this.draft.flush();
            await this.orm.call(SESSION, "release", [[this.draft.sessionId]]);
            this.draft.stop();
            await this.leave();
        });
    }

    // ------------------------------------------------------------------
    // What the agent notes
    // ------------------------------------------------------------------

    setNote(note) {
        this.state.note = note;
        this.draft.put({ note });
    }

    toggleCallback(id) {
        this.state.checked[id] = !this.state.checked[id];
        this.draft.put({ callback_ids: this.chosen.map((call) => call.id) });
    }

    toggleLine(key) {
        this.state.lines[key] = !this.state.lines[key];
        const lines = Object.entries(this.state.lines);
        this.draft.put({ line_keys: lines.filter(([, on]) => on).map(([name]) => name) });
    }

    /** What the customer decided about one of the care calls. */
    setAnswer(callId, reasonId) {
        this.state.answers[callId] = Number(reasonId);
        this.draft.put({ answers: { ...this.state.answers } });
    }

    /** What was decided about another due line of the household. */
    setCaseAnswer(caseId, reasonId) {
        this.state.caseAnswers[caseId] = Number(reasonId);
        this.draft.put({ case_answers: { ...this.state.caseAnswers } });
    }

    /** A member of the household came to the telephone himself. */
    toggleSpoken(partnerId) {
        this.state.spoken[partnerId] = !this.state.spoken[partnerId];
        this.draft.put({ spoken: { ...this.state.spoken } });
    }

    /** An answer of the interview: shown at once, saved at once. */
    answerQuestion(call, question, value) {
        return this.keep(() => this.interviews.answer(call, question, value));
    }

    /** Why the score is what it is. */
    commentQuestion(call, question, text) {
        return this.keep(() => this.interviews.comment(call, question, text));
    }

    /** The words of the interview go where its scores are. */
    saveWords() {
        return this.keep(() => this.interviews.flush());
    }

    async keep(request) {
        try {
            this.state.error = "";
            await request();
        } catch (error) {
            this.state.error = sentenceOf(error);
            if (!this.state.error) {
                throw error;
            }
        }
    }

    setOutcome(outcomeId) {
        Object.assign(this.state, { error: "", outcomeId });
        this.draft.put({ outcome_id: outcomeId });
    }

    setNextAt(nextAt) {
        this.state.nextAt = nextAt;
        this.draft.put({ next_at: nextAt && serializeDateTime(nextAt) });
    }

    /** Dialling leaves a trace; the telephone itself is the browser's affair. */
    onDial(index) {
        Object.assign(this.state, { dialled: index, tab: "script" });
        return this.run(() =>
            this.orm.silent.call(SESSION, "log_dial", [[this.draft.sessionId], index])
        );
    }

    async updateCustomer(values) {
        return this.run(async () => {
            const args = [[this.draft.sessionId], values];
            this.state.data.customer = await this.orm.call(SESSION, "update_customer", args);
        });
    }

    /** What he is unhappy with gets its owner and deadline before the call ends. */
    async takeDown() {
        const [first] = this.chosen.length ? this.chosen : this.state.data.callbacks;
        if (await this.draft.flush()) {
            const action = await this.orm.call(CALLBACK, "action_take_down", [[first.id]]);
            await this.action.doAction(action, { onClose: () => this.load() });
        }
    }

    async openRecord({ model, res_id: resId }) {
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: resId,
            views: [[false, "form"]],
        });
    }

    // ------------------------------------------------------------------
    // Ending the call
    // ------------------------------------------------------------------

    async finish() {
        if (this.outcome.is_last) {
            this.dialog.add(ConfirmationDialog, {
                title: _t("Close as lost contact?"),
                body: consequenceOf(this.outcome),
                confirmLabel: _t("Close as lost contact"),
                cancelLabel: _t("Back to the call"),
                confirm: () => this.close(),
                cancel: () => {},
            });
        } else {
            await this.close();
        }
    }

    async close() {
        await this.run(async () => {
            await this.draft.pause();
            await this.interviews.send();
            const { caseAnswers, dialled, nextAt, note, outcomeId, spoken } = this.state;
            const { message, next, offer } = await this.orm.call(
                SESSION,
                "set_outcome",
                [[this.draft.sessionId], outcomeId, this.chosen.map(({ id }) => id)],
                {
                    note,
                    next_at: this.isAppointment && serializeDateTime(nextAt),
                    phone: dialled,
                    answers: this.answers,
                    case_answers: decisionsOf(caseAnswers, note),
                    spoken_ids: Object.keys(spoken).filter((id) => spoken[id]).map(Number),
                }
            );
            this.draft.stop();
            this.notification.add(message, { type: "success" });
            if (offer) {
                await this.askOptOut(offer);
            }
            await this.goOn(next);
        });
    }

    /** For each call talked about: what he decided, and which topics were ticked. */
    get answers() {
        const { answers, lines, note } = this.state;
        return Object.fromEntries(
            this.chosen.map(({ id, script }) => {
                const told = script.filter((line) => line.topic_id && lines[`${id}-${line.id}`]);
                const topics = told.map((line) => line.topic_id);
                return [id, { reason_id: answers[id] || false, note, topic_ids: topics }];
            })
        );
    }

    /** A customer who refuses may want no such calls at all: ask once, then go on. */
    askOptOut({ purpose, text }) {
        return new Promise((resolve) => {
            const record = () =>
                this.orm.call(SESSION, "record_opt_out", [[this.draft.sessionId], purpose]);
            const options = { onClose: resolve };
            const props = {
                title: _t("No more calls of this kind?"),
                body: text,
                confirmLabel: _t("Record the wish"),
                cancelLabel: _t("No, only this call"),
                confirm: record,
                cancel: () => {},
            };
            this.dialog.add(ConfirmationDialog, props, options);
        });
    }

    async goOn(next) {
        if (next) {
            await this.action.doAction(next, { stackPosition: "replaceCurrentAction" });
        } else {
            await this.leave();
        }
    }

    /** Send one request after the other; a refusal is shown in place. */
    async run(request) {
        Object.assign(this.state, { busy: true, error: "" });
        await this.mutex.exec(async () => {
            try {
                await request();
            } catch (error) {
                this.draft.resume();
                this.state.error = sentenceOf(error);
                if (!this.state.error) {
                    throw error;
                }
            } finally {
                this.state.busy = false;
            }
        });
    }

    // ------------------------------------------------------------------
    // Keyboard
    // ------------------------------------------------------------------

    /** Digits choose the outcome, also those of the number pad. */
    onKeydown(ev) {
        const isBusy = ev.defaultPrevented || ev.isComposing || ev.repeat;
        const isChord = ev.altKey || ev.ctrlKey || ev.metaKey;
        if (isBusy || isChord || isEditable(ev.target) || this.isCovered) {
            return;
        }
        if (isQuestion(ev.target)) {
            return;
        }
        if (ev.key.toLowerCase() === "q" && focusOpenQuestion(this.rootRef.el)) {
            ev.preventDefault();
            return;
        }
        const outcome = this.state.data?.outcomes.find(({ key }) => String(key) === ev.key);
        if (outcome) {
            ev.preventDefault();
            this.setOutcome(outcome.id);
            // Enter belongs to the outcome now, not to what was clicked before.
            this.rootRef.el.querySelector(`[data-outcome="${outcome.id}"]`).focus();
        }
    }

    /** Whether a dialog lies over the workplace. */
    get isCovered() {
        return this.ui.activeElement !== document;
    }

    /** Links and buttons keep their own Enter, but for a choice that is made already. */
    ownsEnter(target) {
        const control = target instanceof HTMLElement && target.closest("a, button");
        return isQuestion(target) || (Boolean(control) && control.ariaPressed !== "true");
    }

    /** The first Esc leaves the field, the second one the call. */
    onEscape(target) {
        if (isEditable(target) || isQuestion(target)) {
            target.blur();
        } else {
            this.leave();
        }
    }
}

registry.category("actions").add("cr_call_workplace", CallWorkplace);
