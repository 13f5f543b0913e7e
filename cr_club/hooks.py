"""What installing and removing the addon leave to do in the database."""

_BIRTHDAY = "cr_dealership.cr_care_plan_birthday"
_EVERYBODY = "[]"
_NO_MEMBERS = "[('cr_member_ids', 'not any', [('state', '=', 'active')])]"


def post_init_hook(env):
    """Show the choices of mixins in the languages of the store, part the birthdays.

    Choices of a mixin belong to the addon of the mixin, whose catalogue was read before
    our models were there. Members have a birthday plan of their own (CLB-37), so the
    one for everybody leaves them out, unless a person chose whom it is for.

    :param env: environment of the installation
    """
    languages = [code for code, __ in env["res.lang"].get_installed()]
    env["ir.module.module"]._load_module_terms(["cr_dealership"], languages)
    _change_domain(env, _EVERYBODY, _NO_MEMBERS)


def uninstall_hook(env):
    """Remove the functions of the points ledger; birthdays are everybody's again.

    :param env: environment of the removal
    """
    env.cr.execute("DROP AGGREGATE IF EXISTS cr_points_chain(text, text)")
    env.cr.execute("DROP FUNCTION IF EXISTS cr_points_link(text, text, text)")
    env.cr.execute("DROP FUNCTION IF EXISTS cr_points_round(numeric, text)")
    _change_domain(env, _NO_MEMBERS, _EVERYBODY)


def _change_domain(env, before, after):
    """Change whom the birthday plan concerns, if it is still as we know it."""
    plan = env.ref(_BIRTHDAY, raise_if_not_found=False)
    if plan and plan.domain == before:
        plan.domain = after
