import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cr_story", {
    steps: () => [
        {
            content: "open the story from the customer's file",
            trigger: "button[name=action_open_story]",
            run: "click",
        },
        {
            content: "who he is",
            trigger: ".o_cr_story_head:contains(Zeng Xiaoyan)",
        },
        {
            content: "his cars with their next date",
            trigger: ".o_cr_story_car:eq(1)",
        },
        {
            content: "the visit stands in the timeline",
            trigger: ".o_cr_story_entry:contains(RO-STORY)",
        },
        {
            content: "only the visits to the shop",
            trigger: ".o_cr_story_filter button[data-kind=serviced]",
            run: "click",
        },
        {
            content: "nothing else is left",
            trigger: ".o_cr_story:not(:has(.o_cr_story_entry:not([data-kind=serviced])))",
        },
        {
            content: "a line opens its record",
            trigger: ".o_cr_story_entry:contains(RO-STORY)",
            run: "click",
        },
        {
            content: "the work order",
            trigger: ".o_form_view .o_field_widget[name=number]:contains(RO-STORY)",
        },
    ],
});
