import { _t } from "@web/core/l10n/translation";

const ROUTE = "/cr_dealership/import/upload";
const MEGABYTE = 1024 * 1024;
export const SIZE_LIMIT = 200 * MEGABYTE;
export const EXTENSIONS = [".xlsx", ".xlsm", ".xls", ".csv", ".txt"];

/**
 * Says why a file need not even be sent.
 *
 * @param {File[]} files what was dropped or chosen
 * @returns {string} empty when there is nothing against it
 */
export function obstacleOf(files) {
    if (files.length > 1) {
        return _t("Hand in one file after the other; each has its own check.");
    }
    const { name, size } = files[0];
    if (!size) {
        return _t("“%s” is empty; export it again with the rows you need.", name);
    }
    if (size > SIZE_LIMIT) {
        return _t("“%s” is larger than 200 MB; export a shorter period.", name);
    }
    return "";
}

function answerOf(xhr) {
    if (xhr.status === 200) {
        try {
            return JSON.parse(xhr.responseText);
        } catch {
            // Not our answer but the page to sign in again.
            return { error: _t("You are signed out. Reload the page and sign in.") };
        }
    }
    return {
        error: _t("The server could not take the file in (%s). Try again.", xhr.status),
    };
}

/**
 * Hands a file in. A request of its own, as only that tells how much has arrived.
 *
 * @param {File} file
 * @param {number} companyId the store it belongs to
 * @param {(share: number) => void} onProgress gets what has arrived, 0 to 1
 * @returns {Promise<{ id?: number, error?: string }>} the import, or why it is refused
 */
export function uploadFile(file, companyId, onProgress) {
    const form = new FormData();
    form.append("csrf_token", odoo.csrf_token);
    form.append("company_id", companyId);
    form.append("upload_file", file);
    const xhr = new XMLHttpRequest();
    return new Promise((resolve) => {
        xhr.upload.addEventListener("progress", (ev) =>
            onProgress(ev.total ? ev.loaded / ev.total : 0)
        );
        xhr.addEventListener("load", () => resolve(answerOf(xhr)));
        xhr.addEventListener("error", () =>
            resolve({ error: _t("No connection. Try again in a moment.") })
        );
        xhr.open("POST", ROUTE);
        xhr.send(form);
    });
}
