import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cr_book_in_call", {
    steps: () => [
        {
            content: "start the next customer",
            trigger: ".o_cr_start_next",
            run: "click",
        },
        {
            content: "he wants to come",
            trigger: ".o_cr_booking_open",
            run: "click",
        },
        {
            content: "for his maintenance",
            trigger: ".o_cr_booking_type:contains(Periodic maintenance) input",
            run: "click",
        },
        {
            content: "he has a wish",
            trigger: ".o_cr_booking_wish",
            run: "edit Waits in the lounge",
        },
        {
            content: "the quiet time stands first and says so",
            trigger: ".o_cr_booking_time:first:contains(off-peak)",
            run: "click",
        },
        {
            content: "it is booked",
            trigger: ".o_cr_booked:contains(10:00):contains(Confirmed):contains(Periodic maintenance)",
        },
        {
            content: "no, he does not",
            trigger: ".o_cr_booking_undo",
            run: "click",
        },
        {
            content: "nothing is booked",
            trigger: ".o_cr_booking:not(:has(.o_cr_booked)) .o_cr_booking_open",
            run: "click",
        },
        {
            content: "but then he comes after all",
            trigger: ".o_cr_booking_time:first",
            run: "click",
        },
        {
            content: "it is booked again",
            trigger: ".o_cr_booked:contains(10:00)",
        },
    ],
});
