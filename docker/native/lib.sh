# Shared by the scripts of this folder: places, messages, steps, the private cluster.
# shellcheck shell=bash disable=SC2034
set -Eeuo pipefail

NATIVE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$NATIVE/../.." && pwd)
RUN=$ROOT/.run
VENV=$RUN/venv
LOGS=$RUN/logs
PGDATA_LINK=$RUN/postgres
ADDONS=(cr_dealership cr_complaints cr_club)
STARTED=$SECONDS

# Messages of a step that runs with its output in a log still reach the screen.
exec 3>&1 4>&2

say() { printf '%4ds  %s\n' "$((SECONDS - STARTED))" "$*" >&3; }

# One sentence with the cause and the remedy; 70 tells the caller it has been said.
die() {
    printf 'ERROR: %s\n' "$*" >&4
    exit 70
}

# A command that nobody foresaw to fail still ends in one sentence.
unforeseen() {
    local code=$1 line=$2
    [ "$code" = 70 ] && exit 70
    [ "$BASHPID" = "$$" ] || exit "$code"
    printf 'ERROR: %s stopped at line %s (exit code %s); the end of %s/*.log says why.\n' \
        "${0#"$ROOT"/}" "$line" "$code" "${LOGS#"$ROOT"/}" >&4
    exit "$code"
}
trap 'unforeseen $? $LINENO' ERR

# step LABEL LOG COMMAND…: output goes to the log, a line every ten seconds to the screen.
step() {
    local label=$1 log=$LOGS/$2 pid begun=$SECONDS shown=$SECONDS code=0
    shift 2
    say "$label"
    # A process group of its own, so that Ctrl-C ends it with all it started.
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    set +m
    trap 'kill -TERM -- "-$pid" 2>/dev/null; exit 130' INT TERM
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        if [ $((SECONDS - shown)) -ge 10 ]; then
            shown=$SECONDS
            say "  … $label, $((SECONDS - begun)) s so far"
        fi
    done
    wait "$pid" || code=$?
    trap - INT TERM
    [ "$code" = 0 ] && return 0
    [ "$code" = 70 ] && exit 70
    explain "$label" "$log"
}

# Name the usual causes by what the log says, else point at the log.
explain() {
    local label=$1 log=$2 where
    where=${log#"$ROOT"/}
    if grep -qiE 'no space left|disk full|not enough free space' "$log"; then
        die "$label: the disk is full; free some space and run the same command again."
    elif grep -qiE 'could not (connect|resolve)|temporary failure|connection (refused|timed out)|proxyerror|newconnectionerror|network is unreachable|failed to fetch|no matching distribution' "$log"; then
        die "$label: the package mirror can't be reached; check the network and the proxy settings, then run the same command again (details: $where)."
    elif grep -qiE 'permission denied' "$log"; then
        die "$label: a file may not be written; run 'make clean' as the user who made .run, then the same command again (details: $where)."
    fi
    die "$label failed; the end of $where says why."
}

# --- stamps: a step that was done with the same inputs is not done again ---

fingerprint() { { cat "$@" 2>/dev/null || true; } | sha256sum | cut -c1-16; }
done_before() { [ "$(cat "$RUN/stamps/$1" 2>/dev/null)" = "$2" ]; }
mark_done() { printf '%s\n' "$2" >"$RUN/stamps/$1"; }

# --- who we are, and how programs get onto the machine ---

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
can_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# PostgreSQL refuses root: then the cluster belongs to an unprivileged user.
pg_user() {
    if [ "$(id -u)" != 0 ]; then id -un
    elif id postgres >/dev/null 2>&1; then echo postgres
    else echo nobody; fi
}
as_pg() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
    else
        local user
        user=$(pg_user)
        (cd / && exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups "$@")
    fi
}

# The newest PostgreSQL that has pg_trgm: the machine's own, else the one unpacked here.
pg_bin() {
    local bin version
    for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin "$RUN"/sysroot/usr/lib/postgresql/*/bin | sort -rV); do
        version=$(basename "$(dirname "$bin")")
        if [ -x "$bin/initdb" ] &&
            [ -e "${bin%/lib/postgresql/*}/share/postgresql/$version/extension/pg_trgm.control" ]; then
            echo "$bin"
            return 0
        fi
    done
    return 1
}

# Libraries that were unpacked beside PostgreSQL are found only this way.
if [ -d "$RUN/sysroot/usr/lib" ]; then
    LD_LIBRARY_PATH=$(printf '%s:' "$RUN"/sysroot/usr/lib/*-linux-gnu)${LD_LIBRARY_PATH:-}
    export LD_LIBRARY_PATH
fi

# serves PID FILE: whether the process is alive and was started with that odoo.conf.
serves() { { tr '\0' ' ' <"/proc/$1/cmdline" | grep -F "$2"; } >/dev/null 2>&1; }

load_env() {
    [ -f "$RUN/env" ] || die "There is no environment yet; run 'make setup' first."
    # shellcheck disable=SC1091
    . "$RUN/env"
}

# One set-up or template build at a time in a checkout; the rest may run side by side.
lock() {
    exec 9>"$RUN/$1.lock"
    if ! flock -n 9; then
        say "another run holds .run/$1.lock: waiting for it"
        flock -w 1800 9 || die "Another run has held .run/$1.lock for half an hour; stop it and run the same command again."
    fi
}
unlock() { exec 9>&-; }

# The addons that exist so far, separated by commas.
present_addons() {
    local name list=()
    for name in "${ADDONS[@]}"; do
        [ -f "$ROOT/$name/__manifest__.py" ] && list+=("$name")
    done
    [ "${#list[@]}" -gt 0 ] || die "No addon with a manifest lies in $ROOT; check the checkout out again."
    (IFS=,; echo "${list[*]}")
}
