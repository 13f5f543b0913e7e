import { registry } from "@web/core/registry";

import { enterQuestions, finishCall, press, question, startStep, why } from "./interview_steps";

registry.category("web_tour.tours").add("cr_interview_keys", {
    steps: () => [
        ...enterQuestions,
        press(0, "9"),
        press(1, "0"),
        press(2, "9"),
        press(3, "-"),
        press(4, "4"),
        ...why(4, "It still squeaks"),
        press(5, "2"),
        {
            content: "not solved: he is invited for a check",
            trigger: `${question(5)} .o_cr_invite`,
        },
        ...why(5, "The noise is there again"),
        press(6, "1"),
        press(7, "0"),
        press(8, "9"),
        press(9, "ArrowDown"),
        press(10, "Enter"),
        {
            content: "whom he praises",
            trigger: `${question(10)} .o_cr_said:focus`,
            run: "edit Mr. Chen was friendly",
        },
        {
            content: "Enter goes on",
            trigger: `${question(10)} .o_cr_said:focus`,
            run: "press Enter",
        },
        press(11, "Escape"),
        ...finishCall,
    ],
});

registry.category("web_tour.tours").add("cr_interview_resume", {
    steps: () => [
        startStep,
        {
            content: "what the colleague asked stands there",
            trigger: `${question(0)}.o_cr_question_done .o_cr_score_9.active`,
        },
        {
            content: "a click answers too",
            trigger: `${question(1)} .o_cr_score_10`,
            run: "click",
        },
        {
            content: "it is answered",
            trigger: `${question(1)}.o_cr_question_done`,
        },
        {
            content: "words are typed, and then the page is closed",
            trigger: `${question(11)} .o_cr_said`,
            run: "edit Nobody called me back",
        },
        {
            content: "they were kept",
            trigger: ".o_cr_call_saved:contains(Saved)",
        },
    ],
});
