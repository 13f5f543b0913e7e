import { registry } from "@web/core/registry";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";
import { CareFunnel } from "./care_funnel";

export class CareFunnelRenderer extends PivotRenderer {
    static template = "cr_dealership.CareFunnelRenderer";
    static components = { ...PivotRenderer.components, CareFunnel };

    /** Where nobody is to be counted yet there is no rate: 0 % would say nobody came. */
    getFormattedValue(cell) {
        const isEmpty = cell.value === false || cell.value === null;
        return isEmpty ? { value: "–" } : super.getFormattedValue(cell);
    }
}

registry.category("views").add("cr_care_funnel", {
    ...pivotView,
    Renderer: CareFunnelRenderer,
});
