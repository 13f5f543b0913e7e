import { Component } from "@odoo/owl";

/** What falls due for the customer and his household, each line answered by itself. */
export class CallHousehold extends Component {
    static template = "cr_dealership.CallHousehold";
    static props = {
        answers: Object,
        lines: Array,
        onAnswer: Function,
        onSpoken: Function,
        spoken: Object,
    };

    /** The lines by person: the customer's own first, without a name. */
    get people() {
        const people = new Map();
        for (const line of this.props.lines) {
            const { partner_id: id, who } = line;
            people.set(id, people.get(id) || { id, who, lines: [] });
            people.get(id).lines.push(line);
        }
        return [...people.values()];
    }

    answerOf(line) {
        return line.answers.find(({ id }) => id === this.props.answers[line.case_id]);
    }
}
