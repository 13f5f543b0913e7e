import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, Deferred, microTick } from "@odoo/hoot-mock";
import { CallDraft } from "@cr_dealership/call/call_draft";
import { ConnectionLostError } from "@web/core/network/rpc";

describe.current.tags("headless");

/** A draft whose requests are noted as steps and answered by `answer`. */
function makeDraft(answer = () => true) {
    const call = async (_model, method, [, values]) => {
        expect.step(`${method} ${JSON.stringify(values)}`);
        return answer();
    };
    const draft = new CallDraft({ silent: { call } });
    draft.start(7, { note: "before" });
    return draft;
}

test("what is typed is saved once, a moment after the last key", async () => {
    const draft = makeDraft();
    draft.put({ note: "a" });
    await advanceTime(500);
    draft.put({ note: "ab" });
    await advanceTime(500);
    expect.verifySteps([]);
    expect(draft.state.status).toBe("waiting");
    await advanceTime(500);
    expect.verifySteps(['save_draft {"note":"ab"}']);
    expect(draft.state.status).toBe("saved");
});

test("the whole draft travels, so the last request wins", async () => {
    const draft = makeDraft();
    draft.put({ outcome_id: 2 });
    await draft.flush();
    expect.verifySteps(['save_draft {"note":"before","outcome_id":2}']);
});

test("what changes while a request is under way is sent after it", async () => {
    const answered = new Deferred();
    let isFirst = true;
    const draft = makeDraft(() => {
        const wait = isFirst ? answered : true;
        isFirst = false;
        return wait;
    });
    draft.put({ note: "one" });
    const saved = draft.flush();
    draft.put({ note: "two" });
    await microTick();
    expect.verifySteps(['save_draft {"note":"one"}']);
    answered.resolve(true);
    expect(await saved).toBe(true);
    expect.verifySteps(['save_draft {"note":"two"}']);
});

test("without a connection the draft stays and is tried again", async () => {
    let isOnline = false;
    const draft = makeDraft(() => {
        if (!isOnline) {
            throw new ConnectionLostError("/web");
        }
        return true;
    });
    draft.put({ note: "kept" });
    expect(await draft.flush()).toBe(false);
    expect(draft.state).toMatchObject({ status: "failed", isOffline: true });
    isOnline = true;
    await advanceTime(5000);
    expect(draft.state).toMatchObject({ status: "saved", isOffline: false });
    expect.verifySteps(['save_draft {"note":"kept"}', 'save_draft {"note":"kept"}']);
});

test("nothing is sent any more once the call is closed", async () => {
    const draft = makeDraft();
    draft.put({ note: "x" });
    await draft.pause();
    draft.stop();
    await advanceTime(2000);
    expect(await draft.flush()).toBe(true);
    expect.verifySteps([]);
});

test("a call that could not be closed goes on saving", async () => {
    const draft = makeDraft();
    draft.put({ note: "x" });
    await draft.pause();
    draft.resume();
    await advanceTime(1000);
    expect.verifySteps(['save_draft {"note":"x"}']);
});
