#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Linux kernel's aoe driver rides through a target that dies. While an emulated machine reads,
# writes and checks a mounted file system, the supervisor is killed with -9 and started again, twice,
# and then replaced in order, as an upgrade does. No I/O error may reach the file system.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"
. "$(dirname "$0")/guest.sh"

need_guest
enter_private_namespaces "$@"
[ "$PEERS_TARGET" = supervise ] || fail "only a supervisor takes up its exports again"

# shellcheck disable=SC2034 # read by guest.sh
readonly PLAN="e1.1 eth0 1500 1024"

console_says() {
    grep -qs "^$1" "$SCRATCH/serial"
}

start_again() {
    TARGET_PIDS=()
    start_exports "${EXPORTS[@]}"
    console_says "LOAD ends" && show_and_fail "the load ended before the target had come and gone"
    sleep 3
}

kill_and_start() {
    kill -KILL "${TARGET_PIDS[0]}"
    wait "${TARGET_PIDS[0]}" || true
    start_again
}

prepare_guest "$PEERS_DIR/ride-guest-init"
start_exports "${EXPORTS[@]}"
boot_guest &
guest=$!
wait_until 120 "the guest's load" console_says "LOAD begins"
sleep 2
kill_and_start
kill_and_start
stop_exports
start_again
wait "$guest"
check_steps mtu discover mkfs mount write load compare unmount fsck
stop_exports
grep -E '^(STEP|RETRANSMITS|GUEST|aoe:)' "$SCRATCH/console"
check_image e1.1
note "ok: killed twice and replaced once under load"
