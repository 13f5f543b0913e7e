import { _t } from "@web/core/l10n/translation";

const ICONS = {
    changed: "fa-pencil",
    doubtful: "fa-exclamation-triangle",
    new: "fa-plus",
    ready: "fa-check",
    refused: "fa-times-circle",
    superseded: "fa-files-o",
    total: "fa-list-ol",
    unchanged: "fa-minus",
};

function tileOf(counts, what, label, title, more = {}) {
    const icon = ICONS[what] || "";
    return { what, label, title, icon, count: counts[what], ...more };
}

function commonTiles(counts) {
    const tiles = [
        tileOf(
            counts,
            "doubtful",
            _t("To look at"),
            _t("Recorded all the same; a person should compare them with the papers."),
            { tone: "warning" }
        ),
        tileOf(
            counts,
            "refused",
            _t("Refused"),
            _t("Not recorded; correct them in the workbook and hand that in."),
            { tone: "danger" }
        ),
    ];
    if (counts.superseded) {
        tiles.push(
            tileOf(
                counts,
                "superseded",
                _t("Replaced in the file"),
                _t("A later row of the file has the same number and counts.")
            )
        );
    }
    return tiles;
}

function unchangedTile(counts) {
    return tileOf(
        counts,
        "unchanged",
        _t("Unchanged"),
        _t("Known from an earlier file and the same as then; nothing to do."),
        { isPlain: true }
    );
}

function totalTile(counts) {
    const title = counts.skipped
        ? _t("%s titles, totals and empty lines were left out.", counts.skipped)
        : _t("Rows with data.");
    return tileOf(counts, "total", _t("Rows"), title, { isPlain: true });
}

/** What is counted before the rows are loaded. */
export function checkTiles(counts) {
    const ready = _t("%s of them have a number that is known.", counts.known);
    return [
        totalTile(counts),
        tileOf(counts, "ready", _t("Ready"), ready, { tone: "success" }),
        ...commonTiles(counts),
        unchangedTile(counts),
    ];
}

/** What is counted when the rows have been loaded. */
export function resultTiles(counts) {
    return [
        tileOf(counts, "new", _t("Added"), _t("Recorded for the first time."), {
            tone: "success",
        }),
        tileOf(counts, "changed", _t("Changed"), _t("Known, with something new."), {
            tone: "info",
        }),
        unchangedTile(counts),
        ...commonTiles(counts),
        totalTile(counts),
    ];
}

/** The rows to show first: those that need a person, else those that did best. */
export function firstOf(counts, order) {
    return order.find((what) => counts[what]) || "";
}
