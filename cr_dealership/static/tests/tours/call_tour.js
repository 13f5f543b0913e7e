import { registry } from "@web/core/registry";

const CUSTOMER = "Zeng Xiaoyan";
const card = (column) => `.o_kanban_group:contains(${column}) .o_kanban_record:contains(${CUSTOMER})`;

/** The column of a card shows where the call has brought it. */
function expectCardIn(column) {
    return { content: `the card stands in “${column}”`, trigger: card(column) };
}

const start = [
    {
        content: "start the next customer",
        trigger: ".o_cr_start_next",
        run: "click",
    },
    {
        content: "his name stands on top",
        trigger: `.o_cr_customer_name:contains(${CUSTOMER})`,
    },
];

const readScript = [
    {
        content: "tick the first line as said",
        trigger: ".o_cr_line:first input",
        run: "click",
    },
    {
        content: "it is ticked",
        trigger: ".o_cr_line:first.o_cr_line_done",
    },
];

const note = (text) => [
    {
        content: "note what he says",
        trigger: "#o_cr_note",
        run: `edit ${text}`,
    },
    {
        content: "Esc leaves the field, not the call",
        trigger: "#o_cr_note",
        run: "press Escape",
    },
    {
        content: "the note is kept on the server",
        trigger: ".o_cr_call_saved:contains(Saved)",
    },
];

registry.category("web_tour.tours").add("cr_call_in_vain", {
    steps: () => [
        ...start,
        {
            content: "both calls are to be settled",
            trigger: ".o_cr_pane_due:has(.o_cr_check:eq(1).o_cr_checked)",
        },
        ...readScript,
        ...note("Rings, nobody answers"),
        {
            content: "a digit answers: the telephone is off",
            trigger: ".o_cr_outcomes",
            run: "press 2",
        },
        {
            content: "what follows is said before anything is saved",
            trigger: ".o_cr_consequence:contains(again)",
        },
        {
            content: "Esc leaves the call",
            trigger: ".o_cr_outcomes",
            run: "press Escape",
        },
        {
            content: "the conversation waits",
            trigger: `.o_cr_resume:contains(${CUSTOMER})`,
            run: "click",
        },
        {
            content: "nothing was lost",
            trigger: ".o_cr_call:has(#o_cr_note:value(Rings, nobody answers)) .o_cr_outcome.active",
        },
        {
            content: "Enter finishes",
            trigger: ".o_cr_outcomes",
            run: "press Enter",
        },
        {
            content: "nobody is left, so the cards show",
            trigger: ".o_cr_day:contains(Nothing to call now)",
        },
        expectCardIn("Call again"),
    ],
});

registry.category("web_tour.tours").add("cr_call_reached", {
    steps: () => [
        ...start,
        {
            content: "dial",
            trigger: ".o_cr_dial:first",
            run(helpers) {
                // The telephone is the browser's affair; the trace is ours.
                this.anchor.addEventListener("click", (ev) => ev.preventDefault());
                return helpers.click();
            },
        },
        {
            content: "ask what the file lacks",
            trigger: ".o_cr_missing input[name=cr_employer]",
            run: "edit City hospital && press Enter",
        },
        {
            content: "the file lacks it no more",
            trigger: ".o_cr_file:not(:has(input[name=cr_employer]))",
        },
        ...note("All well, praises the advisor"),
        {
            content: "settle only one of the calls",
            trigger: ".o_cr_check:eq(1) input",
            run: "click",
        },
        {
            content: "no, both of them",
            trigger: ".o_cr_check:eq(1):not(.o_cr_checked) input",
            run: "click",
        },
        {
            content: "reached",
            trigger: ".o_cr_pane_due:has(.o_cr_check:eq(1).o_cr_checked)",
            run: "press 1",
        },
        {
            content: "finish",
            trigger: ".o_cr_finish:enabled",
            run: "click",
        },
        expectCardIn("Done"),
    ],
});

registry.category("web_tour.tours").add("cr_call_phone", {
    steps: () => [
        ...start,
        {
            content: "the number is at the thumb",
            trigger: ".o_cr_pane_customer .o_cr_dial[href^='tel:']",
        },
        {
            content: "go to the script",
            trigger: ".o_cr_tab_script",
            run: "click",
        },
        ...readScript,
        ...note("Call me later"),
        {
            content: "what else can be settled",
            trigger: ".o_cr_tab_due:contains(2/2)",
            run: "click",
        },
        {
            content: "settle one only",
            trigger: ".o_cr_check:eq(1) input",
            run: "click",
        },
        {
            content: "he names a time",
            trigger: ".o_cr_outcome_appointment",
            run: "click",
        },
        {
            content: "tomorrow morning",
            trigger: ".o_cr_choice_morning",
            run: "click",
        },
        {
            content: "the bar is in sight; finish",
            trigger: ".o_cr_finish:enabled",
            run: "click",
        },
        {
            content: "the other call is next",
            trigger: ".o_cr_tab_due:contains(1/2)",
            run: "click",
        },
        {
            content: "put it back",
            trigger: ".o_cr_release",
            run: "click",
        },
        {
            content: "back at the cards",
            trigger: ".o_cr_day .o_cr_start_next",
        },
    ],
});

registry.category("web_tour.tours").add("cr_call_care", {
    steps: () => [
        ...start,
        {
            content: "nothing is decided yet",
            trigger: ".o_cr_answer select",
            run: "selectByLabel Goes to another shop",
        },
        {
            content: "what to do now is said",
            trigger: ".o_cr_answer:contains(Ask what the other shop does better)",
        },
        ...note("Nearer to home"),
        {
            content: "reached",
            trigger: ".o_cr_outcomes",
            run: "press 1",
        },
        {
            content: "finish",
            trigger: ".o_cr_finish:enabled",
            run: "click",
        },
        {
            content: "nobody is left",
            trigger: ".o_cr_day:contains(Nothing to call now)",
        },
    ],
});
