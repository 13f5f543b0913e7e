import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cr_complaint_from_call", {
    steps: () => [
        { content: "start the next customer", trigger: ".o_cr_start_next", run: "click" },
        { content: "make a complaint of the call", trigger: ".o_cr_complaint", run: "click" },
        {
            content: "say in short what is wrong",
            trigger: ".modal .o_field_widget[name='subject'] input",
            run: "edit Was rude at reception",
        },
        { content: "save it", trigger: ".modal .o_form_button_save", run: "click" },
        { content: "the call goes on", trigger: "body:not(:has(.modal)) .o_cr_leave" },
    ],
});

registry.category("web_tour.tours").add("cr_complaint_manager", {
    steps: () => [
        {
            content: "open the card",
            trigger: ".o_kanban_record:contains('Gearbox still knocks')",
            run: "click",
        },
        { content: "its clocks", trigger: ".o_field_widget[name='clock_ids'] td:contains('Solution')" },
        { content: "go on", trigger: ".o_statusbar_buttons button[name='action_next']", run: "click" },
        {
            content: "it is classified; the log tells",
            trigger: ".o_notebook .nav-link[name='log']",
            run: "click",
        },
        { content: "passed on", trigger: ".o_field_widget[name='event_ids'] td:contains('Passed to the department')" },
    ],
});
