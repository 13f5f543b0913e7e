export const question = (place) => `.o_cr_question:eq(${place})`;

/** A key on the question that has the focus; nothing is clicked. */
export const press = (place, key) => ({
    content: `“${key}” on question ${place + 1}`,
    trigger: `${question(place)}:focus`,
    run: `press ${key}`,
});

/** A low answer goes to its words by itself; Enter goes on from them. */
export const why = (place, text) => [
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

export const startStep = {
    content: "start the next customer",
    trigger: ".o_cr_start_next",
    run: "click",
};

/** From the list of calls to the first question. */
export const enterQuestions = [
    startStep,
    {
        content: "Q goes to the questions",
        trigger: ".o_cr_questions",
        run: "press q",
    },
];

/** From the questions to the finished card. */
export const finishCall = [
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
];
