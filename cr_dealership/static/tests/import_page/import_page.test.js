import { describe, expect, test } from "@odoo/hoot";
import { missingOf } from "@cr_dealership/import_page/import_columns";
import { checkTiles, firstOf, resultTiles } from "@cr_dealership/import_page/import_tiles";
import { obstacleOf, SIZE_LIMIT } from "@cr_dealership/import_page/import_upload";
import { allowTranslations } from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

const FIELDS = [
    { name: "number", label: "Number", needed: "number" },
    { name: "vin", label: "VIN", needed: "vin/plate" },
    { name: "plate", label: "Plate", needed: "vin/plate" },
    { name: "model", label: "Model", needed: false },
];
const COUNTS = {
    changed: 1,
    doubtful: 0,
    known: 2,
    new: 5,
    ready: 6,
    refused: 0,
    skipped: 2,
    superseded: 0,
    total: 10,
    unchanged: 4,
};
const shown = (tiles) => tiles.map(({ what, count }) => `${what} ${count}`);

test("one column of a group is enough", () => {
    const missing = (...chosen) =>
        missingOf(FIELDS, new Set(chosen)).map((group) => group.map(({ label }) => label));
    expect(missing()).toEqual([["Number"], ["VIN", "Plate"]]);
    expect(missing("plate")).toEqual([["Number"]]);
    expect(missing("number", "vin")).toEqual([]);
});

test("the check counts what will be done, the result what was done", () => {
    allowTranslations();
    expect(shown(checkTiles(COUNTS))).toEqual([
        "total 10",
        "ready 6",
        "doubtful 0",
        "refused 0",
        "unchanged 4",
    ]);
    expect(shown(resultTiles({ ...COUNTS, superseded: 3 }))).toEqual([
        "new 5",
        "changed 1",
        "unchanged 4",
        "doubtful 0",
        "refused 0",
        "superseded 3",
        "total 10",
    ]);
});

test("the first rows shown are those that there are", () => {
    expect(firstOf(COUNTS, ["refused", "new"])).toBe("new");
    expect(firstOf(COUNTS, ["refused"])).toBe("");
});

test("a file that can't be taken in is not even sent", () => {
    allowTranslations();
    const good = { name: "orders.xlsx", size: 1000 };
    expect(obstacleOf([good])).toBe("");
    expect(obstacleOf([good, good])).toInclude("one file");
    expect(obstacleOf([{ ...good, size: 0 }])).toInclude("empty");
    expect(obstacleOf([{ ...good, size: SIZE_LIMIT + 1 }])).toInclude("200 MB");
});
