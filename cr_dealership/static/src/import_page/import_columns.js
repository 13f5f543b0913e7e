import { Component, useState } from "@odoo/owl";

export const KEEP = "*keep";

/**
 * Says which fields still need a column; where one of several will do, they are a
 * group.
 *
 * @param {{ name: string, label: string, needed: string | false }[]} fields
 * @param {Set<string>} chosen names of the fields that have a column
 * @returns {object[][]} the groups of which no field has a column
 */
export function missingOf(fields, chosen) {
    const groups = new Map();
    for (const field of fields) {
        if (field.needed) {
            groups.set(field.needed, [...(groups.get(field.needed) || []), field]);
        }
    }
    return [...groups.values()].filter(
        (group) => !group.some(({ name }) => chosen.has(name))
    );
}

/** Step 2: which of their columns fills which of our fields. */
export class ImportColumns extends Component {
    static template = "cr_dealership.ImportColumns";
    static props = {
        page: Object,
        isBusy: Boolean,
        onAnalyse: Function,
        onCancel: Function,
        onNext: Function,
    };

    setup() {
        this.keep = KEEP;
        this.state = useState({ choice: {}, over: null, remember: true });
        for (const { index, field, is_kept } of this.props.page.columns) {
            this.state.choice[index] = field || (is_kept ? KEEP : "");
        }
    }

    get chosen() {
        return new Set(Object.values(this.state.choice));
    }

    get missing() {
        return missingOf(this.props.page.fields, this.chosen);
    }

    get missingLabel() {
        const labels = this.missing.map((group) => group.map(({ label }) => label));
        return labels.map((group) => group.join(" / ")).join(", ");
    }

    /** Fields that have no column yet, those that need one first. */
    get free() {
        const { chosen } = this;
        const missing = this.missing.flat();
        const others = this.props.page.fields.filter(
            (field) => !chosen.has(field.name) && !missing.includes(field)
        );
        return [
            ...missing.map((field) => ({ ...field, isMissing: true })),
            ...others.map((field) => ({ ...field, isMissing: false })),
        ];
    }

    isField(index) {
        const choice = this.state.choice[index];
        return Boolean(choice) && choice !== KEEP;
    }

    /** Let a column fill a field; another column that did so lets go of it. */
    choose(index, name) {
        const { choice } = this.state;
        if (name && name !== KEEP) {
            for (const other in choice) {
                if (choice[other] === name) {
                    choice[other] = "";
                }
            }
        }
        choice[index] = name;
    }

    // === DRAGGING === //

    onDragStart(ev, name) {
        ev.dataTransfer.setData("text/plain", name);
        ev.dataTransfer.effectAllowed = "move";
    }

    onDrop(ev, index) {
        this.state.over = null;
        const name = ev.dataTransfer.getData("text/plain");
        if (this.props.page.fields.some((field) => field.name === name)) {
            this.choose(index, name);
        }
    }

    // === GOING ON === //

    setProfile(ev) {
        return this.props.onAnalyse(Number(ev.target.value), this.props.page.sheet);
    }

    setSheet(ev) {
        return this.props.onAnalyse(null, ev.target.value);
    }

    next() {
        const mapping = {};
        const kept = [];
        for (const { index } of this.props.page.columns) {
            if (this.isField(index)) {
                mapping[this.state.choice[index]] = index;
            } else if (this.state.choice[index] === KEEP) {
                kept.push(index);
            }
        }
        return this.props.onNext(mapping, kept, this.state.remember);
    }
}
