import { registry } from "@web/core/registry";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { CallbackDay } from "./callback_day";

export class CallbackKanbanRenderer extends KanbanRenderer {
    static template = "cr_dealership.CallbackKanbanRenderer";
    static components = { ...KanbanRenderer.components, CallbackDay };
}

registry.category("views").add("cr_callback_kanban", {
    ...kanbanView,
    Renderer: CallbackKanbanRenderer,
});
