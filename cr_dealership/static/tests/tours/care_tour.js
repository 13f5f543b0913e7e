import { registry } from "@web/core/registry";

const PLAN = "Insurance renewal";

registry.category("web_tour.tours").add("cr_care_list", {
    steps: () => [
        {
            content: "the list of the month waits",
            trigger: `.o_data_row:contains(${PLAN}) .o_data_cell:first`,
            run: "click",
        },
        {
            content: "the customer stands on it",
            trigger: ".o_form_view .o_field_widget[name=case_ids] .o_data_row:contains(Zeng Xiaoyan)",
        },
        {
            content: "confirm all",
            trigger: ".o_form_view button[name=action_confirm]",
            run: "click",
        },
        {
            content: "they will be contacted: yes",
            trigger: ".modal .btn-primary",
            run: "click",
        },
        {
            content: "nobody waits any more",
            trigger: ".o_form_view:not(:has(button[name=action_confirm]))",
        },
        {
            content: "print the list",
            trigger: ".o_form_view button[name=action_print]",
            run: "click",
        },
        {
            content: "when it was printed is kept",
            trigger: ".o_form_view .o_field_widget[name=printed_at] span:not(:empty)",
        },
    ],
});

registry.category("web_tour.tours").add("cr_care_insurance_call", {
    steps: () => [
        {
            content: "start the next customer",
            trigger: ".o_cr_start_next",
            run: "click",
        },
        {
            content: "he finds it too dear",
            trigger: ".o_cr_pane_script .o_cr_answer select",
            run: "selectByLabel Too expensive",
        },
        {
            content: "his wife's insurance ends too: she renews",
            trigger: ".o_cr_household:contains(Luo Meihua) .o_cr_case:contains(赣) select",
            run: "selectByLabel Agrees to renew",
        },
        {
            content: "she came to the telephone",
            trigger: ".o_cr_household .o_cr_spoken",
            run: "click",
        },
        {
            content: "his own words",
            trigger: "#o_cr_note",
            run: "edit 300 yuan less elsewhere",
        },
        {
            content: "Esc leaves the field, not the call",
            trigger: "#o_cr_note",
            run: "press Escape",
        },
        {
            content: "reached",
            trigger: ".o_cr_call:has(.o_cr_call_saved:contains(Saved)) .o_cr_outcomes",
            run: "press 1",
        },
        {
            content: "finish",
            trigger: ".o_cr_finish:enabled",
            run: "click",
        },
        {
            content: "back at the cards",
            trigger: ".o_cr_day",
        },
    ],
});

registry.category("web_tour.tours").add("cr_care_feedback", {
    steps: () => [
        {
            content: "open the steps of the day",
            trigger: ".o_group_header:contains(Find out why)",
            run: "click",
        },
        {
            content: "write down what was found out",
            trigger: ".o_data_row:contains(Zeng Xiaoyan) .o_data_cell[name=result]",
            run: "click",
        },
        {
            content: "why he refused",
            trigger: ".o_data_row .o_field_widget[name=result] input",
            run: "edit Broker gives a discount",
        },
        {
            content: "it is done",
            trigger: ".o_data_row:contains(Zeng Xiaoyan) button[name=action_done]",
            run: "click",
        },
        {
            content: "the step is off the list",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Zeng Xiaoyan)))",
        },
    ],
});

registry.category("web_tour.tours").add("cr_care_department", {
    steps: () => [
        {
            content: "the renewals",
            trigger: `.o_group_header:contains(${PLAN})`,
            run: "click",
        },
        {
            content: "choose who refused",
            trigger: ".o_data_row:contains(Zeng Xiaoyan) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "what can be done with him",
            trigger: ".o_cp_action_menus button.dropdown-toggle, .o_control_panel_actions .o_cp_action_menus .dropdown-toggle",
            run: "click",
        },
        {
            content: "report it",
            trigger: ".o-dropdown--menu .dropdown-item:contains(Report to a department)",
            run: "click",
        },
        {
            content: "the reasons are summed up",
            trigger: ".o_form_view .o_field_widget[name=summary] textarea:value(1 × Too expensive)",
        },
        {
            content: "to whom",
            trigger: ".o_form_view .o_field_widget[name=role_id] input",
            run: "edit Service man",
        },
        {
            content: "to the service manager",
            trigger: ".o-autocomplete--dropdown-item:contains(Service manager)",
            run: "click",
        },
        {
            content: "send it",
            trigger: ".o_form_view button[name=action_send]",
            run: "click",
        },
        {
            content: "the department has it",
            trigger: ".o_form_view .o_arrow_button_current:contains(Sent to the department)",
        },
    ],
});

const funnel = (rows) => [
    {
        content: "the stages show how many came so far",
        trigger: ".o_cr_funnel_stage[data-stage=due]:contains(3)",
    },
    {
        content: "one of three was contacted",
        trigger: ".o_cr_funnel_stage[data-stage=contacted]:contains(33%)",
    },
    {
        content: "the picture is as wide as the screen, not wider",
        trigger: ".o_cr_funnel",
        run() {
            const { right } = this.anchor.getBoundingClientRect();
            if (right > window.innerWidth) {
                throw new Error(`the funnel reaches ${right} of ${window.innerWidth} px`);
            }
        },
    },
    {
        content: "a rate of which nobody is to be counted yet is no 0 %",
        trigger: ".o_pivot_cell_value:contains(–)",
    },
    {
        content: "open what is behind a cell of the table",
        trigger: ".o_pivot_cell_value:contains(3):first",
        run: "click",
    },
    {
        content: "the three cases",
        trigger: `${rows}:eq(2)`,
    },
    {
        content: "open one",
        trigger: `${rows}:contains(Zeng Xiaoyan)`,
        run: "click",
    },
    {
        content: "it is the case",
        trigger: ".o_form_view:contains(Zeng Xiaoyan) .o_field_widget[name=reason_text]",
    },
];

registry.category("web_tour.tours").add("cr_care_funnel", {
    steps: () => [
        ...funnel(".o_data_row .o_data_cell[name=partner_id]"),
        {
            content: "back to the list",
            trigger: ".o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "back to the funnel",
            trigger: ".o_list_view .o_back_button, .breadcrumb-item:first a",
            run: "click",
        },
        {
            content: "open who came",
            trigger: ".o_cr_funnel_stage[data-stage=won]",
            run: "click",
        },
        {
            content: "only he",
            trigger: ".o_list_view:not(:has(.o_data_row:eq(1))) .o_data_row:contains(Zeng Xiaoyan)",
        },
    ],
});

registry.category("web_tour.tours").add("cr_care_funnel_phone", {
    steps: () => funnel(".o_data_row .o_data_cell[name=partner_id]"),
});

const SECTION = ".o_field_widget[name=cr_household_case_ids]";

const household = (line) => [
    {
        content: "what is due stands in the file",
        trigger: ".o_form_view .nav-link[name=cr_household_cases]",
        run: "click",
    },
    {
        content: "his wife's insurance too; he answers for her",
        trigger: `${SECTION} ${line}:contains(Luo Meihua) button[name=action_answer]`,
        run() {
            const { left, right } = this.anchor.getBoundingClientRect();
            if (left < 0 || right > window.innerWidth) {
                throw new Error(`the button lies at ${left} to ${right} px`);
            }
            this.anchor.click();
        },
    },
    {
        content: "what she said",
        trigger: ".modal .o_field_widget[name=reason_id] .o_select_menu_toggler",
        run: "click",
    },
    {
        content: "she renews",
        trigger: "body .o_select_menu_item:contains(Agrees to renew)",
        run: "click",
    },
    {
        content: "what is next is said",
        trigger: ".modal .o_field_widget[name=next_step]:contains(Enter the policy)",
    },
    {
        content: "record it",
        trigger: ".modal button[name=action_apply]",
        run: "click",
    },
    {
        content: "the answer stands in the file",
        trigger: `body:not(:has(.modal)) ${SECTION} ${line}:contains(Luo Meihua):contains(Agrees)`,
    },
];

registry.category("web_tour.tours").add("cr_care_household_file", {
    steps: () => household(".o_data_row"),
});

registry.category("web_tour.tours").add("cr_care_household_file_phone", {
    steps: () => household(".o_kanban_record"),
});
