import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { EXTENSIONS, obstacleOf, uploadFile } from "./import_upload";

/** The place where a file is dropped or chosen; it sends it and tells its import. */
export class ImportDrop extends Component {
    static template = "cr_dealership.ImportDrop";
    static props = {
        companyId: Number,
        isSmall: { type: Boolean, optional: true },
        onError: Function,
        onReceived: Function,
    };
    static defaultProps = { isSmall: false };

    setup() {
        this.accept = EXTENSIONS.join(",");
        this.state = useState({ isOver: false, name: "", share: 0 });
    }

    get percent() {
        return Math.round(this.state.share * 100);
    }

    /** What happens with the file that was chosen. */
    get status() {
        return this.state.share < 1
            ? _t("Sending “%(file)s”: %(percent)s%", {
                  file: this.state.name,
                  percent: this.percent,
              })
            : _t("Looking at the columns of “%s”…", this.state.name);
    }

    onChange(ev) {
        const files = [...ev.target.files];
        // The same file may be chosen again after it was corrected.
        ev.target.value = "";
        return this.take(files);
    }

    onDrop(ev) {
        this.state.isOver = false;
        return this.take([...ev.dataTransfer.files]);
    }

    async take(files) {
        if (!files.length || this.state.name) {
            return;
        }
        const obstacle = obstacleOf(files);
        if (obstacle) {
            this.props.onError(obstacle);
            return;
        }
        Object.assign(this.state, { name: files[0].name, share: 0 });
        this.props.onError("");
        const answer = await uploadFile(files[0], this.props.companyId, (share) => {
            this.state.share = share;
        });
        this.state.name = "";
        return answer.error
            ? this.props.onError(answer.error)
            : this.props.onReceived(answer.id);
    }
}
