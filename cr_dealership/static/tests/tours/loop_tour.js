import { registry } from "@web/core/registry";

import { enterQuestions, finishCall, press, why } from "./interview_steps";

registry.category("web_tour.tours").add("cr_loop_ask", {
    steps: () => [
        ...enterQuestions,
        press(0, "9"),
        press(1, "0"),
        press(2, "9"),
        press(3, "0"),
        press(4, "6"),
        ...why(4, "Brakes squeal"),
        press(5, "1"),
        press(6, "1"),
        press(7, "0"),
        press(8, "9"),
        press(9, "Escape"),
        ...finishCall,
    ],
});
