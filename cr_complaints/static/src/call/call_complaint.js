import { patch } from "@web/core/utils/patch";
import { CallWorkplace } from "@cr_dealership/call/call_workplace";

const CALLBACK = "cr.callback";

/** A call becomes a complaint with one click, and goes on beside it (CB-28). */
patch(CallWorkplace.prototype, {
    async makeComplaint() {
        const [first] = this.chosen.length ? this.chosen : this.state.data.callbacks;
        if (first) {
            const action = await this.orm.call(CALLBACK, "action_make_complaint", [[first.id]]);
            this.action.doAction({ ...action, target: "new", views: [[false, "form"]] });
        }
    },
});
