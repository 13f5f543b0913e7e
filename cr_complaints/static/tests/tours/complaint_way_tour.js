import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const field = (name) => `.o_field_widget[name='${name}']`;
const cell = (list, name) => `${field(list)} .o_selected_row ${field(name)}`;
const openTab = (name) => ({
    content: `open the tab ${name}`,
    trigger: `.o_notebook .nav-link[name='${name}']`,
    run: "click",
});
const addLine = (list) => ({
    content: `a new line of ${list}`,
    trigger: `${field(list)} .o_field_x2many_list_row_add a`,
    run: "click",
});
const goOn = {
    content: "go on",
    trigger: ".o_statusbar_buttons button[name='action_next']",
    run: "click",
};
const save = [
    { content: "save", trigger: ".o_form_button_save:visible", run: "click" },
    { content: "it is saved", trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))" },
];

tours.add("cr_complaint_plan", {
    steps: () => [
        openTab("cause"),
        {
            content: "why it happened",
            trigger: `${field("cause")} textarea`,
            run: "edit Mount was not tightened",
        },
        goOn,
        { content: "it is planned", trigger: ".o_arrow_button_current:contains('Plan')" },
        openTab("plan"),
        addLine("measure_ids"),
        {
            content: "what is done",
            trigger: `${cell("measure_ids", "name")} input`,
            run: "edit Tighten the mount",
        },
        {
            content: "who does it",
            trigger: `${cell("measure_ids", "user_id")} input`,
            run: "edit Test head",
        },
        {
            content: "he is found",
            trigger: ".o-autocomplete--dropdown-item:contains('Test head')",
            run: "click",
        },
        {
            content: "until when",
            trigger: `${cell("measure_ids", "due_on")} input, ${cell("measure_ids", "due_on")} button`,
            run: "click",
        },
        {
            content: "on the 25th",
            trigger: `.o_date_item_cell:not(.o_out_of_range):contains(/^25$/)`,
            run: "click",
        },
        openTab("compensation"),
        addLine("compensation_ids"),
        {
            content: "what he gets",
            trigger: `${cell("compensation_ids", "kind")} input`,
            run: "click",
        },
        {
            content: "money back",
            trigger: ".o_select_menu_item:contains('Refund')",
            run: "click",
        },
        {
            content: "more than a manager may sign",
            trigger: `${cell("compensation_ids", "amount")} input`,
            run: "edit 3000",
        },
        ...save,
        {
            content: "hand it in",
            trigger: `${field("compensation_ids")} button[name='action_ask']`,
            run: "click",
        },
        {
            content: "it waits for the signature",
            trigger: `${field("compensation_ids")} .o_data_row:contains('To be signed')`,
        },
        goOn,
        {
            content: "not before it is signed",
            trigger: ".modal:contains('a decision on the compensation') .btn-primary",
            run: "click",
        },
        { content: "still the plan", trigger: "body:not(:has(.modal)) .o_arrow_button_current:contains('Plan')" },
    ],
});

tours.add("cr_complaint_sign", {
    steps: () => [
        {
            content: "sign what is dear",
            trigger: ".o_data_row:contains('3,000.00') button[name='action_approve']",
            run: "click",
        },
        { content: "nothing is left to sign", trigger: ".o_view_nocontent:contains('Nothing to sign')" },
    ],
});

tours.add("cr_complaint_carry_out", {
    steps: () => [
        goOn,
        { content: "it is handled", trigger: ".o_arrow_button_current:contains('Handling')" },
        openTab("plan"),
        {
            content: "the measure",
            trigger: `${field("measure_ids")} .o_data_cell[name='done_on']`,
            run: "click",
        },
        {
            content: "when it was done",
            trigger: `${cell("measure_ids", "done_on")} input, ${cell("measure_ids", "done_on")} button`,
            run: "click",
        },
        {
            content: "today",
            trigger: ".o_date_item_cell.o_today",
            run: "click",
        },
        {
            content: "what came of it",
            trigger: `.o_inner_group ${field("result")} textarea`,
            run: "edit Mount tightened",
        },
        {
            content: "everything is carried out",
            trigger: ".o_statusbar_buttons button[name='action_solved']",
            run: "click",
        },
        { content: "somebody asks the customer", trigger: ".o_arrow_button_current:contains('Follow-up call')" },
    ],
});

tours.add("cr_complaint_verify_refused", {
    steps: () => [
        { content: "call him", trigger: "button[name='action_take']", run: "click" },
        {
            content: "not who handled it",
            trigger: ".modal:contains('somebody else asks the customer') .btn-primary",
            run: "click",
        },
        { content: "the card waits", trigger: "body:not(:has(.modal)) button[name='action_take']" },
    ],
});

tours.add("cr_complaint_verify", {
    steps: () => [
        { content: "start the next customer", trigger: ".o_cr_start_next", run: "click" },
        {
            content: "is it really solved?",
            trigger: ".o_cr_answer select",
            run: "selectByLabel Really solved, satisfied",
        },
        { content: "reached", trigger: ".o_cr_outcome_reached", run: "click" },
        { content: "finish", trigger: ".o_cr_finish:enabled", run: "click" },
        { content: "nobody is left", trigger: ".o_cr_day:contains(Nothing to call now)" },
    ],
});
