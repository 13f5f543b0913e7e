import { registry } from "@web/core/registry";

const openEvent = {
    content: "open the class",
    trigger: ".o_kanban_record:contains(Test care_class)",
    run: "click",
};

registry.category("web_tour.tours").add("cr_event_invite", {
    steps: () => [
        openEvent,
        {
            content: "a department proposes guests",
            trigger: "button[name=action_cr_propose]",
            run: "click",
        },
        {
            content: "all owners of cars",
            trigger: ".modal button[name=action_propose]",
            run: "click",
        },
        {
            content: "the list is taken over",
            trigger: "body:not(:has(.modal)) button[name=action_cr_take_over]",
            run: "click",
        },
        {
            content: "nothing is missing, so inviting begins",
            trigger: ".o_form_view:not(:has(button[name=action_cr_take_over])) button[name=action_cr_invite]",
            run: "click",
        },
        {
            content: "it invites",
            trigger: ".o_arrow_button_current:contains(Inviting)",
        },
        {
            content: "the list of guests",
            trigger: "button[name=action_cr_view_guests]",
            run: "click",
        },
        {
            content: "one click for the outcome of the call",
            trigger: ".o_data_row:contains(Test owner) button[name=action_call_yes]",
            run: "click",
        },
        {
            content: "he has his seat",
            trigger: ".o_data_row:contains(Test owner):contains(Accepted)",
        },
        {
            content: "back to the class",
            trigger: ".o_back_button",
            run: "click",
        },
        {
            content: "the list is fixed",
            trigger: "button[name=action_cr_confirm]",
            run: "click",
        },
        {
            content: "it is confirmed",
            trigger: ".o_arrow_button_current:contains(Confirmed)",
        },
    ],
});

registry.category("web_tour.tours").add("cr_event_sum_up", {
    steps: () => [
        openEvent,
        {
            content: "it was held",
            trigger: "button[name=action_cr_done]",
            run: "click",
        },
        {
            content: "the summary",
            trigger: ".o_notebook_headers a:contains(Summary)",
            run: "click",
        },
        {
            content: "what guests said",
            trigger: "div[name=cr_opinions] textarea",
            run: "edit They liked the cakes",
        },
        {
            content: "what we learned",
            trigger: "div[name=cr_lessons_learned] textarea",
            run: "edit Start half an hour earlier",
        },
        {
            content: "the costs",
            trigger: ".o_notebook_headers a:contains(Costs)",
            run: "click",
        },
        {
            content: "there were none",
            trigger: "div[name=cr_has_no_cost] input",
            run: "click",
        },
        {
            content: "sum up",
            trigger: "button[name=action_cr_summarise]",
            run: "click",
        },
        {
            content: "it is summed up",
            trigger: ".o_arrow_button_current:contains(Summed up)",
        },
    ],
});
