import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { formatInteger } from "@web/views/fields/formatters";

const REPORT = "cr.care.report";

/** The stages from due to came as bars; a bar opens the records behind it. */
export class CareFunnel extends Component {
    static template = "cr_dealership.CareFunnel";
    static props = { domain: Array, title: String };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ stages: [] });
        onWillStart(() => this.load(this.props.domain));
        onWillUpdateProps(({ domain }) => this.load(domain));
    }

    async load(domain) {
        const request = this.orm.call(REPORT, "get_funnel", [domain]);
        this.state.stages = await this.keepLast.add(request);
    }

    get isEmpty() {
        return !this.state.stages.some(({ count }) => count);
    }

    /** How far a bar or a part of it reaches, in percent of those due. */
    width(count) {
        const most = Math.max(...this.state.stages.map((stage) => stage.count));
        return (100 * count) / most;
    }

    number(count) {
        return formatInteger(count);
    }

    open({ name, label }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: `${this.props.title}: ${label}`,
            res_model: REPORT,
            views: [[false, "list"]],
            domain: [...this.props.domain, [name, "=", 1]],
        });
    }
}
