import {
    Component,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { sentenceOf } from "../call/call_errors";
import { ImportColumns } from "./import_columns";
import { ImportOverview } from "./import_overview";
import { ImportProgress } from "./import_progress";
import { ImportResult } from "./import_result";
import { ImportStart } from "./import_start";
import { checkTiles, firstOf } from "./import_tiles";

const BATCH = "cr.import.batch";
const POLL_AFTER = 1500;
const RUNNING = ["staging", "loading"];
const STEP_OF = { draft: 2, staging: 3, checked: 3, loading: 4, done: 4, cancelled: 4 };

/**
 * An import on one page: hand in, columns, check, result.
 *
 * The server does the work and knows where it stands; the page shows that and asks
 * again while something runs. It may be left and opened again at any time.
 */
export class ImportPage extends Component {
    static template = "cr_dealership.ImportPage";
    static components = {
        ImportColumns,
        ImportOverview,
        ImportProgress,
        ImportResult,
        ImportStart,
        Layout,
    };
    static displayName = _t("Import a file");
    static path = "import-file";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ error: "", isBusy: false, page: null, start: null });
        const { params = {} } = this.props.action;
        const { resId, state } = this.props;
        const batchId = state ? state.batchId : resId || params.batch_id;
        useSetupAction({ getLocalState: () => ({ batchId: this.state.page?.id }) });
        // A file dropped beside the mark must not take the page's place.
        for (const event of ["dragover", "drop"]) {
            useExternalListener(window, event, (ev) => ev.preventDefault());
        }
        onWillStart(() => this.open(batchId));
        onWillUnmount(() => {
            this.isGone = true;
            browser.clearTimeout(this.timer);
        });
    }

    // === WHERE IT STANDS === //

    get steps() {
        return [_t("File"), _t("Columns"), _t("Check"), _t("Result")];
    }

    get step() {
        const { page } = this.state;
        if (!page) {
            return 1;
        }
        return STEP_OF[page.state] || (this.hasRecorded ? 4 : 3);
    }

    get hasRecorded() {
        const { changed, new: created } = this.state.page.counts;
        return changed + created > 0;
    }

    get isRunning() {
        return RUNNING.includes(this.state.page?.state);
    }

    get tiles() {
        return checkTiles(this.state.page.counts);
    }

    get first() {
        return firstOf(this.state.page.counts, ["ready", "doubtful", "refused"]);
    }

    get loadLabel() {
        return _t("Load %s rows", formatInteger(this.state.page.counts.ready));
    }

    /** Columns start anew when the file is read in another way. */
    get columnsKey() {
        const { id, profile_id, sheet } = this.state.page;
        return [id, profile_id, sheet].join(" ");
    }

    // === LOADING === //

    /** Show an import; without one, what may be handed in. */
    async open(batchId) {
        this.state.error = "";
        if (batchId) {
            await this.run(() => this.orm.call(BATCH, "get_page", [[batchId]]));
        }
        if (!batchId || !this.state.page) {
            await this.startAnew();
        }
    }

    async startAnew() {
        this.show(null);
        this.state.start = await this.orm.call(BATCH, "get_start", []);
    }

    again() {
        this.state.error = "";
        return this.startAnew();
    }

    show(page) {
        this.state.page = page;
        this.props.updateActionState?.({ resId: page ? page.id : false });
        this.pollLater();
    }

    setError(sentence) {
        this.state.error = sentence;
    }

    /** Show the page that a request gives; a refusal stands in place as a sentence. */
    async run(request) {
        this.state.isBusy = true;
        this.state.error = "";
        try {
            this.show(await request());
        } catch (error) {
            this.onError(error);
        } finally {
            this.state.isBusy = false;
        }
    }

    onError(error) {
        const sentence =
            error.exceptionName === "odoo.exceptions.MissingError"
                ? _t("This import has been deleted. Hand the file in again.")
                : sentenceOf(error);
        if (!sentence) {
            throw error;
        }
        this.state.error = sentence;
    }

    pollLater() {
        browser.clearTimeout(this.timer);
        if (this.isRunning && !this.isGone) {
            this.timer = browser.setTimeout(() => this.poll(), POLL_AFTER);
        }
    }

    async poll() {
        const { id } = this.state.page;
        try {
            const page = await this.orm.silent.call(BATCH, "get_page", [[id]]);
            // Meanwhile another file may have been opened, or the page left.
            if (this.state.page?.id === id && !this.isGone && !this.state.isBusy) {
                this.state.error = "";
                this.show(page);
            }
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.pollLater();
            }
            this.onError(error);
        }
    }

    // === DOING === //

    /** Let the server do something with this import, and show where it stands then. */
    act(method, ...args) {
        const ids = [this.state.page.id];
        return this.run(async () => {
            const page = await this.orm.call(BATCH, method, [ids, ...args]);
            return page === true ? this.orm.call(BATCH, "get_page", [ids]) : page;
        });
    }

    analyse(profileId, sheet) {
        return this.act("action_analyse", profileId, sheet);
    }

    stage(mapping, kept, remember) {
        return this.act("action_stage", mapping, kept, remember);
    }

    async cancel() {
        await this.act("action_cancel");
        if (!this.state.error) {
            await this.again();
        }
    }
}

registry.category("actions").add("cr_import", ImportPage);
