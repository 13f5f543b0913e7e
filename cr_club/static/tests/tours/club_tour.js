import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const BUYER = "Zeng Xiaoyan";
// A list at the desk is a set of cards on a telephone.
const openRow = (text) => ({
    content: `open ${text}`,
    trigger: `.o_data_row:contains(${text}) .o_data_cell:contains(${text}), .o_kanban_record:contains(${text})`,
    run: "click",
});
const field = (name) => `.o_field_widget[name=${name}]`;
const expectState = (state) => ({
    content: `it is ${state}`,
    // Where the screen is narrow the step itself may not fit; the bar does.
    trigger: `.o_statusbar_status:has(.o_arrow_button_current[data-value=${state}])`,
});
const press = (name) => ({
    content: `press ${name}`,
    trigger: `.o_statusbar_buttons button[name=${name}]`,
    run: "click",
});
// Buttons above the sheet hide behind one where the screen is narrow.
const pressAbove = (name) => [
    {
        content: `make the button ${name} show`,
        trigger: ".o-form-buttonbox",
        run() {
            if (!this.anchor.querySelector(`button[name=${name}]`)) {
                this.anchor.querySelector(".o_button_more").click();
            }
        },
    },
    {
        content: `press ${name}`,
        trigger: `button[name=${name}]`,
        run: "click",
    },
];
// On a telephone a list to choose from fills the screen.
const choose = (name, text) => [
    {
        isActive: ["desktop"],
        content: `type the ${name}`,
        trigger: `${field(name)} input`,
        run: `edit ${text}`,
    },
    {
        isActive: ["desktop"],
        content: `choose the ${name}`,
        trigger: `.o-autocomplete--dropdown-item:contains(${text})`,
        run: "click",
    },
    {
        isActive: ["mobile"],
        content: `open the choice of the ${name}`,
        trigger: `${field(name)} input`,
        run: "click",
    },
    {
        isActive: ["mobile"],
        content: `choose the ${name}`,
        trigger: `.modal .o_kanban_record:contains(${text}), .modal .o_data_row:contains(${text}) .o_data_cell`,
        run: "click",
    },
    {
        isActive: ["mobile"],
        content: `${text} is chosen`,
        trigger: `body:not(:has(.modal)) ${field(name)} input:value(${text})`,
    },
];
const agree = {
    content: "yes",
    trigger: ".modal footer .btn-primary",
    run: "click",
};

tours.add("cr_club_apply", {
    steps: () => [
        ...pressAbove("action_cr_open_club"),
        {
            content: "an application for this customer",
            trigger: `${field("partner_id")} input:value(${BUYER})`,
        },
        {
            content: "hand it in",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "it says what follows",
            trigger: ".o_form_view .alert:contains(Customer care verifies)",
        },
        expectState("applied"),
    ],
});

tours.add("cr_club_give_card", {
    steps: () => [
        openRow(BUYER),
        press("action_verify"),
        expectState("verified"),
        press("action_activate"),
        expectState("active"),
        {
            content: "the card has its number",
            trigger: `${field("card_number")}:contains(000002)`,
        },
        press("action_card_handed"),
        {
            content: "it is handed over",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_card_handed]))",
        },
    ],
});

tours.add("cr_club_redeem", {
    steps: () => [
        openRow(BUYER),
        ...pressAbove("action_redeem"),
        ...choose("reward_id", "Test hour"),
        {
            content: "the price shows before anything is taken",
            trigger: `${field("points")}:contains(1,500)`,
        },
        press("action_request"),
        expectState("requested"),
    ],
});

tours.add("cr_club_approve", {
    steps: () => [openRow(BUYER), press("action_approve"), expectState("approved")],
});

tours.add("cr_club_settle", {
    steps: () => [openRow(BUYER), press("action_settle"), expectState("settled")],
});

tours.add("cr_club_hand_over", {
    steps: () => [
        openRow(BUYER),
        ...choose("order_id", "RO-CLUB"),
        press("action_hand_over"),
        agree,
        expectState("handed"),
    ],
});
