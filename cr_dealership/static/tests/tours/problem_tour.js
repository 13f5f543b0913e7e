import { registry } from "@web/core/registry";

const CUSTOMER = "Zeng Xiaoyan";
const PROBLEM = "Brakes squeal";

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

const finish = [
    {
        content: "reached",
        trigger: ".o_cr_outcome_reached",
        run: "click",
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
];

registry.category("web_tour.tours").add("cr_problem_found", {
    steps: () => [
        ...start,
        {
            content: "he complains: take it down",
            trigger: ".o_cr_take_down",
            run: "click",
        },
        {
            content: "in his own words",
            trigger: ".modal .o_field_widget[name=text] textarea",
            run: `edit ${PROBLEM}`,
        },
        {
            content: "department, owner and deadline stand there already",
            trigger: ".modal .o_field_widget[name=owner_id]:contains(Test manager)",
        },
        {
            content: "keep it",
            trigger: ".modal button[name=action_save]",
            run: "click",
        },
        {
            content: "it is a problem before he hangs up",
            trigger: `.o_cr_pane_customer:contains(${PROBLEM})`,
        },
        ...finish,
    ],
});

registry.category("web_tour.tours").add("cr_problem_solved", {
    steps: () => [
        {
            content: "the card stands with the department",
            trigger: `.o_kanban_group:first .o_kanban_record:contains(${PROBLEM})`,
            run: "click",
        },
        {
            content: "write the solution",
            trigger: ".o_field_widget[name=solution] textarea",
            run: "edit New pads fitted",
        },
        {
            content: "call the customer",
            trigger: "button[name=action_solve]",
            run: "click",
        },
        {
            content: "the customer is to be called",
            trigger: ".o_statusbar_status button[data-value=calling].o_arrow_button_current",
        },
    ],
});

registry.category("web_tour.tours").add("cr_problem_verdict", {
    steps: () => [
        ...start,
        {
            content: "grievance and solution stand in the script",
            trigger: ".o_cr_problem:contains(New pads fitted)",
        },
        {
            content: "he is satisfied",
            trigger: ".o_cr_answer select",
            run: "selectByLabel Satisfied with the solution",
        },
        ...finish,
    ],
});
