# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Starts the target under test in one of three ways, chosen by PEERS_TARGET. To be sourced after
# lib.sh.
#   supervise   bin/vblade4j supervise on a conf.d file: what a service runs (the default)
#   foreground  bin/vblade, one process an export
#   vblade      the C program, to tell a fault of ours from a fault of the test

PEERS_TARGET=${PEERS_TARGET:-supervise}
TARGET_PIDS=()

# start_exports NAME="ARGUMENTS"...: conf.d values by name, for example disk="1 1 tap0 /x/disk.img".
# A supervisor also reads SETTINGS, the text of a settings file, if that is set.
start_exports() {
    local count=$# socket_count
    socket_count=$(aoe_sockets)
    case $PEERS_TARGET in
        supervise) start_supervisor "$@" ;;
        foreground) start_each "$PROJECT_DIR/bin/vblade" "$@" ;;
        vblade) need vblade && start_each vblade "$@" ;;
        *) fail "PEERS_TARGET=$PEERS_TARGET, expected supervise, foreground or vblade" ;;
    esac
    wait_until 90 "$count exports to listen" exports_listen $((socket_count + count))
}

start_supervisor() {
    local run=$SCRATCH/run line
    mkdir -p "$run"
    for line in "$@"; do
        printf 'config_%s="%s"\n' "${line%%=*}" "${line#*=}"
    done >"$SCRATCH/conf.d"
    printf '%s\n' "${SETTINGS:-}" >"$SCRATCH/vblade4j.conf"
    launch "$PROJECT_DIR/bin/vblade4j" supervise --confd "$SCRATCH/conf.d" \
        --settings "$SCRATCH/vblade4j.conf" --socket "$run/socket" --state-dir "$run/state" \
        --data-dir "$run/data"
}

start_each() {
    local program=$1 line words
    shift
    for line in "$@"; do
        read -ra words <<<"${line#*=}"
        launch "$program" "${words[@]}"
    done
}

launch() {
    "$@" >>"$SCRATCH/target.log" 2>&1 &
    TARGET_PIDS+=($!)
}

# Sockets of AoE's ethertype in this namespace: the one sign of readiness that all targets share.
aoe_sockets() {
    awk '$4 == "88a2" { n++ } END { print n + 0 }' /proc/net/packet
}

exports_listen() {
    local pid
    for pid in "${TARGET_PIDS[@]}"; do
        kill -0 "$pid" 2>/dev/null || {
            cat "$SCRATCH/target.log" >&2
            fail "the target ended at once"
        }
    done
    [ "$(aoe_sockets)" -ge "$1" ]
}

# stop_exports: TERM must end the supervisor with status 0; vblade, ours like the other, ends as the
# signal has it.
stop_exports() {
    local pid status
    for pid in "${TARGET_PIDS[@]}"; do
        kill -0 "$pid" 2>/dev/null || fail "the target did not live to the end, see its log"
        kill -TERM "$pid"
        status=0
        wait "$pid" || status=$?
        case $PEERS_TARGET:$status in
            supervise:0 | foreground:143 | vblade:143) ;;
            *) fail "the target ended with status $status after TERM" ;;
        esac
    done
    TARGET_PIDS=()
    [ "$(aoe_sockets)" = 0 ] || fail "a stopped target still holds a socket"
}
