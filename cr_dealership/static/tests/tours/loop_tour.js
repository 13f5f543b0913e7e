import { registry } from "@web/core/registry";

const question = (place) => `.o_cr_question:eq(${place})`;

const press = (place, key) => ({
    content: `“${key}” on question ${place + 1}`,
    trigger: `${question(place)}:focus`,
    run: `press ${key}`,
});

registry.category("web_tour.tours").add("cr_loop_ask", {
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
        press(3, "0"),
        press(4, "6"),
        {
            content: "a six asks why",
            trigger: `${question(4)} .o_cr_why:focus`,
            run: "edit Brakes squeal",
        },
        {
            content: "Enter goes on",
            trigger: `${question(4)} .o_cr_why:focus`,
            run: "press Enter",
        },
        press(5, "1"),
        press(6, "1"),
        press(7, "0"),
        press(8, "9"),
        press(9, "Escape"),
        {
            content: "now digits are outcomes: reached",
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
