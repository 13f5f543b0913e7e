"""Uninstall the addon, as an administrator does it on the screen."""

env["ir.module.module"].search(  # noqa: F821 given by with_env.py
    [("name", "=", "cr_dealership")]
).button_immediate_uninstall()
