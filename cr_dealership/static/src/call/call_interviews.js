const MODEL = "cr.call.session";

/**
 * Saves the answers of the interviews, each at once and one after the other. Words that
 * are still being typed are kept with the draft, so closing the browser loses nothing.
 */
export class CallInterviews {
    constructor(orm, mutex, draft) {
        Object.assign(this, { orm, mutex, draft });
        this.calls = [];
        this.typed = {};
    }

    /** Show what was typed before the page closed, where it was not yet saved. */
    start(data, typed) {
        this.calls = data.callbacks.filter((call) => call.interview);
        this.typed = { ...typed };
        for (const [key, text] of Object.entries(this.typed)) {
            const found = this.find(key);
            if (found) {
                found.question[found.name] = text;
            }
        }
    }

    find(key) {
        const [callId, questionId, part] = key.split("-");
        const call = this.calls.find(({ id }) => String(id) === callId);
        const questions = call?.interview.questions || [];
        const question = questions.find(({ id }) => String(id) === questionId);
        return question && { call, question, part, name: part === "comment" ? part : "value" };
    }

    /** Keep words while they are typed. */
    type(call, question, part, text) {
        question[part === "comment" ? part : "value"] = text;
        this.typed[`${call.id}-${question.id}-${part}`] = text;
        this.draft.put({ interviews: { ...this.typed } });
    }

    /** Save a score or a choice; it is shown before the server has answered. */
    async answer(call, question, value) {
        if (question.type === "text_box") {
            return this.type(call, question, "answer", value);
        }
        const before = question.value;
        question.value = value;
        try {
            await this.save(call, question, value, "answer");
        } catch (error) {
            question.value = before;
            throw error;
        }
    }

    comment(call, question, text) {
        return this.type(call, question, "comment", text);
    }

    save(call, question, value, part) {
        const args = [[this.draft.sessionId], call.id, question.id, value, part];
        return this.mutex.exec(() => this.orm.silent.call(MODEL, "save_answer", args));
    }

    /**
     * Save the words that were typed. Where there are none it must not wait for its turn:
     * the request that leaves the page may hold it.
     */
    async flush() {
        if (Object.keys(this.typed).length) {
            await this.mutex.exec(() => this.send());
        }
    }

    /** The same from within a request that already holds the turn. */
    async send() {
        for (const key of Object.keys(this.typed)) {
            const found = this.find(key);
            if (found) {
                const { call, question, part, name } = found;
                const args = [
                    [this.draft.sessionId],
                    call.id,
                    question.id,
                    question[name],
                    part,
                ];
                await this.orm.silent.call(MODEL, "save_answer", args);
            }
            delete this.typed[key];
            this.draft.put({ interviews: { ...this.typed } });
        }
    }
}
