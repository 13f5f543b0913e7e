import { describe, expect, test } from "@odoo/hoot";
import { appointmentChoices } from "@cr_dealership/call/appointment_picker";
import { consequenceOf } from "@cr_dealership/call/call_outcomes";
import { allowTranslations } from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

const { DateTime } = luxon;
const at = (text) => DateTime.fromISO(text);
const shown = (now) =>
    appointmentChoices(at(now)).map((choice) => `${choice.id} ${choice.at.toFormat("dd HH:mm")}`);

test("the usual times come in order, rounded up to five minutes", () => {
    expect(shown("2026-11-20T10:03:20")).toEqual([
        "hour 20 11:05",
        "afternoon 20 15:00",
        "morning 21 09:30",
    ]);
});

test("a time that has passed is not offered", () => {
    expect(shown("2026-11-20T15:00:00")).toEqual(["hour 20 16:00", "morning 21 09:30"]);
});

test("what an outcome leads to is said in words", () => {
    allowTranslations();
    const retry = { kind: "retry", is_last: false, suggested_text: "today 15:00" };
    expect(consequenceOf(retry)).toBe("Will be called again today 15:00.");
    expect(consequenceOf({ ...retry, is_last: true })).toInclude("lost contact");
    expect(consequenceOf({ kind: "wrong", is_last: true })).toInclude("repaired");
    expect(consequenceOf({ kind: "appointment", is_last: false })).toBe("");
});
