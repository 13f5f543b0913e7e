import { registry } from "@web/core/registry";

/** Hand in a file that the test keeps at an address. */
function handIn(url, input = ".o_cr_import_input") {
    return {
        content: `hand in ${url}`,
        trigger: `${input}:not(:visible), ${input}`,
        async run() {
            const content = await (await fetch(url)).blob();
            const transfer = new DataTransfer();
            transfer.items.add(new File([content], url.split("/").at(-1)));
            this.anchor.files = transfer.files;
            this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

const tile = (what, count) =>
    `.o_cr_import_tile[data-what=${what}]:has(strong:contains(/^${count}$/))`;

/** The server reads, then loads; each time the page shows how far it is. */
const load = [
    {
        content: "load what is ready",
        trigger: ".o_cr_import_load",
        run: "click",
    },
    {
        content: "the progress shows",
        trigger: ".o_cr_import_progress [role=progressbar]",
    },
];

registry.category("web_tour.tours").add("cr_import_file", {
    steps: () => [
        handIn("/cr_tour/orders.xlsx"),
        {
            content: "the columns were found",
            trigger: ".o_cr_import_columns:contains(工单号)",
        },
        {
            content: "go on to the check",
            trigger: ".o_cr_import_next",
            run: "click",
        },
        {
            content: "the file is being read",
            trigger: ".o_cr_import_progress",
        },
        {
            content: "one row is ready",
            trigger: tile("ready", 1),
        },
        {
            content: "one is refused, with its reason",
            trigger: ".o_cr_import_reasons button[data-reason]",
        },
        ...load,
        {
            content: "what is left to do",
            trigger: ".o_cr_import_todo .o_cr_import_refused_download",
        },
    ],
});

registry.category("web_tour.tours").add("cr_import_corrected", {
    steps: () => [
        handIn("/cr_tour/corrected.xlsx"),
        {
            content: "a file of a known shape is checked at once",
            trigger: tile("ready", 1),
        },
        ...load,
        {
            content: "nothing is left to do",
            trigger: ".o_cr_import_result:not(:has(.o_cr_import_todo))",
        },
        {
            content: "the row is new",
            trigger: tile("new", 1),
        },
    ],
});
