import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

/**
 * Gives the sentence to show in place for an error the agent can act upon.
 *
 * @param {Error} error
 * @returns {string} empty when the error is none of ours and must be thrown on
 */
export function sentenceOf(error) {
    if (error instanceof ConnectionLostError) {
        return _t("No connection. What you wrote is still here; try again in a moment.");
    }
    if (error instanceof RPCError && error.exceptionName?.startsWith("odoo.exceptions.")) {
        return error.data.message;
    }
    return "";
}
