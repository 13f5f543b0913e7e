"""Take pictures of the screens of a running demonstration, to be looked at.

screenshots.py ADDRESS FOLDER [desktop|phone …]     the store is that of demo_seed.py

Tells of every error in the console and of every screen that did not come; then the
exit code is 1.
"""

import sys
from pathlib import Path

from browser import SIZES, Browser

ACTION = "/odoo/action-cr_dealership."
CLUB = "/odoo/action-cr_club."
FORM, LIST = ".o_form_view .o_field_widget", ".o_view_controller .o_content"
FIRST_ROW = ".o_data_row .o_data_cell, .o_kanban_record"
# On a telephone the cards lead to the story, at the desk the form does.
STORY = (
    ".o_data_row .o_data_cell, .o_kanban_record [name=action_open_story]",
    "button[name=action_open_story], .o_cr_story_head",
)
# Who looks, and what: name, address, what to click one after the other, what must show.
SCREENS = {
    "huifang": (
        ("calls", "/odoo/my-calls", (), ".o_cr_day"),
        (
            "call",
            "/odoo/my-calls",
            (".o_cr_start_next, .o_cr_resume", ".o_cr_outcome_phone_off"),
            ".o_cr_consequence",
        ),
    ),
    "zhuguan": (
        ("import", f"{ACTION}cr_import_action", (), ".o_action"),
        ("customers", f"{ACTION}res_partner_action", (), LIST),
        ("customer", f"{ACTION}res_partner_action", (FIRST_ROW,), FORM),
        ("story", f"{ACTION}res_partner_action", STORY, ".o_cr_story_head"),
        ("cars", f"{ACTION}cr_vehicle_action", (), LIST),
        ("car", f"{ACTION}cr_vehicle_action", (FIRST_ROW,), FORM),
        ("orders", f"{ACTION}cr_service_order_action", (), LIST),
        ("care", f"{ACTION}cr_care_case_action", (), LIST),
        ("care_lists", f"{ACTION}cr_care_list_action", (), LIST),
        ("care_held", f"{ACTION}cr_care_task_action_held", (), LIST),
        ("care_funnel", f"{ACTION}cr_care_report_action", (), ".o_cr_funnel_bar"),
        ("care_effect", f"{ACTION}cr_care_effect_action", (), LIST),
        ("care_plan", f"{ACTION}cr_care_plan_action", (FIRST_ROW,), FORM),
        ("messages", f"{ACTION}cr_message_action", (), LIST),
        ("order", f"{ACTION}cr_service_order_action", (FIRST_ROW,), FORM),
        ("callbacks", f"{ACTION}cr_callback_action_all", (), LIST),
        ("callback", f"{ACTION}cr_callback_action_all", (FIRST_ROW,), FORM),
        ("complaints", "/odoo/cr-complaints", (), ".o_kanban_record"),
        ("complaint", "/odoo/cr-complaints", (".o_kanban_record",), FORM),
        ("duty", f"{ACTION}cr_role_duty_action", (), FORM),
        ("report", f"{ACTION}cr_daily_report_action", (), LIST),
        ("club_board", f"{CLUB}cr_club_program_action_board", (), LIST),
        ("club_rewards", f"{CLUB}cr_club_reward_action", (), LIST),
    ),
    "guanhuai": (
        ("club_members", f"{CLUB}cr_club_member_action", (), LIST),
        ("club_member", f"{CLUB}cr_club_member_action", (FIRST_ROW,), FORM),
        ("club_redemptions", f"{CLUB}cr_redemption_action", (), LIST),
        ("club_redemption", f"{CLUB}cr_redemption_action", (FIRST_ROW,), FORM),
        ("club_entries", f"{CLUB}cr_points_entry_action", (), LIST),
        ("club_tiers", f"{CLUB}cr_club_tier_change_action", (), LIST),
        ("club_shops", f"{CLUB}cr_club_merchant_action", (), LIST),
        ("club_fallen", f"{CLUB}cr_loyalty_score_action_fallen", (), LIST),
        ("events", "/odoo/club-events", (), ".o_kanban_record"),
        ("event", "/odoo/club-events", (".o_kanban_record",), FORM),
        ("event_calls", "/odoo/event-calls", (), LIST),
        ("check_in", "/cr/checkin", (), "main"),
    ),
    "caiwu": (
        ("month_end", f"{CLUB}cr_points_settlement_action", (FIRST_ROW,), FORM),
        ("shop_month", f"{CLUB}cr_club_merchant_statement_action", (FIRST_ROW,), FORM),
    ),
}


def take_pictures(address, folder, size):
    """Take every picture in one size; return what went wrong."""
    faults = []
    for login, screens in SCREENS.items():
        with Browser(size) as page:
            page.login(address, login, login)
            for name, path, clicks, shown in screens:
                page.open(address + path)
                try:
                    for selector in clicks:
                        page.click(selector)
                    page.wait(shown)
                except TimeoutError as error:
                    faults.append(f"{name} ({size}): {error}")
                page.settle()
                page.shot(folder / f"{name}_{size}.png")
                faults += [f"{name} ({size}): {line}" for line in page.console]
                page.console.clear()
    return faults


def main(address, folder, *sizes):
    """Take the pictures in the sizes asked for; by default in all."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    faults = []
    for size in sizes or SIZES:
        faults += take_pictures(address.rstrip("/"), folder, size)
    print("\n".join(faults) or f"pictures in {folder}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
