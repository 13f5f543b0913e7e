import { registry } from "@web/core/registry";

const question = (place) => `.o_cr_question:eq(${place})`;

/** A key on the question that has the focus; nothing is clicked. */
const press = (place, key) => ({
    content: `“${key}” on question ${place + 1}`,
    trigger: `${question(place)}:focus`,
    run: `press ${key}`,
});

/** A low answer goes to its words by itself; Enter goes on from them. */
const why = (place, text) => [
    {
        content: `why question ${place + 1} is low`,
        trigger: `${question(place)} .o_cr_why:focus`,
        run: `edit ${text}`,
    },
    {
        content: "Enter goes on",
        trigger: `${question(place)} .o_cr_why:focus`,
        run: "press Enter",
    },
];

registry.category("web_tour.tours").add("cr_interview_keys", {
    steps: () => [
        {
            content: "start the next customer",
            trigger: ".o_cr_start_next",
            run: "click",
        },
        {
            content: "Q goes to the questions",
            trigger: ".o_cr_questions",
            run: "press q",
        },
        press(0, "9"),
        press(1, "0"),
        press(2, "9"),
        press(3, "-"),
        press(4, "4"),
        ...why(4, "It still squeaks"),
        press(5, "2"),
        {
            content: "not solved: he is invited for a check",
            trigger: `${question(5)} .o_cr_invite`,
        },
        ...why(5, "The noise is there again"),
        press(6, "1"),
        press(7, "0"),
        press(8, "9"),
        press(9, "ArrowDown"),
        press(10, "Enter"),
        {
            content: "whom he praises",
            trigger: `${question(10)} .o_cr_said:focus`,
            run: "edit Mr. Chen was friendly",
        },
        {
            content: "Enter goes on",
            trigger: `${question(10)} .o_cr_said:focus`,
            run: "press Enter",
        },
        press(11, "Escape"),
        {
            content: "now digits are outcomes again: reached",
            trigger: ".o_cr_outcomes",
            run: "press 1",
        },
        {
            content: "Enter finishes",
            trigger: ".o_cr_outcome.active",
            run: "press Enter",
        },
        {
            content: "the card is done",
            trigger: ".o_kanban_group:contains(Done) .o_kanban_record:contains(Zeng Xiaoyan)",
        },
    ],
});

registry.category("web_tour.tours").add("cr_interview_resume", {
    steps: () => [
        {
            content: "start the next customer",
            trigger: ".o_cr_start_next",
            run: "click",
        },
        {
            content: "what the colleague asked stands there",
            trigger: `${question(0)}.o_cr_question_done .o_cr_score_9.active`,
        },
        {
            content: "a click answers too",
            trigger: `${question(1)} .o_cr_score_10`,
            run: "click",
        },
        {
            content: "it is answered",
            trigger: `${question(1)}.o_cr_question_done`,
        },
        {
            content: "words are typed, and then the page is closed",
            trigger: `${question(11)} .o_cr_said`,
            run: "edit Nobody called me back",
        },
        {
            content: "they were kept",
            trigger: ".o_cr_call_saved:contains(Saved)",
        },
    ],
});
