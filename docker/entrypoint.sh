#!/bin/bash
# Start of the container: make the database once, then hand over to Odoo's own entrypoint.
set -euo pipefail

: "${ODOO_ADMIN_PASSWORD:?set it in docker/.env: the password of the first user, admin}"
: "${ODOO_DATABASE:?set it in docker/.env: the name of the database}"
: "${HOST:?}" "${USER:?}" "${PASSWORD:?}"
port=${PORT:-5432}
connection=(--db_host "$HOST" --db_port "$port" --db_user "$USER" --db_password "$PASSWORD")

# Done once the admin's password is no longer Odoo's own: told by a parameter that is
# written in the same transaction.
prepared() {
    local answer
    answer=$(PGPASSWORD=$PASSWORD psql -h "$HOST" -p "$port" -U "$USER" -d "$ODOO_DATABASE" \
        -Atc "SELECT value FROM ir_config_parameter WHERE key = 'cr_dealership.prepared'" 2>/dev/null) || return 1
    [ "$answer" = yes ]
}

prepare() {
    odoo "${connection[@]}" -d "$ODOO_DATABASE" --no-http --stop-after-init \
        --load-language=zh_CN -i cr_dealership,cr_complaints,cr_club
    odoo shell "${connection[@]}" -d "$ODOO_DATABASE" --no-http <<'PYTHON'
import os
env.ref("base.user_admin").password = os.environ["ODOO_ADMIN_PASSWORD"]
env["ir.config_parameter"].set_param("cr_dealership.prepared", "yes")
env.cr.commit()
PYTHON
    prepared
}

if [ "${1:-}" = odoo ] && [ $# = 1 ]; then
    wait-for-psql.py "${connection[@]}" --timeout=60
    prepared || prepare
    # One container serves one database, whatever others the server holds.
    set -- odoo -d "$ODOO_DATABASE" --db-filter="^$ODOO_DATABASE\$"
fi
exec /entrypoint.sh "$@"
