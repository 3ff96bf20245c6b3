#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Linux kernel's aoe driver outlives disks that are away, or hang, for longer than it waits: with a
# stall-limit below its aoe_deadsecs it is told of errors, so it neither gives the disk up nor crashes,
# as kernels from 4.20 to the middle of 2025 do then. A loop device loses its medium; a file's file
# system is frozen. Meanwhile an emulated machine writes to them. When they are back so are its disks.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"
. "$(dirname "$0")/guest.sh"

need_guest
need losetup mkfs.ext4 mount fsfreeze
[ -f "$PROJECT_DIR/target/vblade4j.jar" ] || fail "not built: run mvn package"
enter_private_namespaces "$@"
[ "$PEERS_TARGET" = supervise ] || fail "only a supervisor has settings and a status"

readonly PLAN="e1.1 eth0 1500 1024
e1.2 eth1 9000 8704"
# The guest sets its aoe_deadsecs to 30 s, for 180.
# shellcheck disable=SC2034 # for targets.sh
readonly SETTINGS="vblade4j.defaults.stall-limit = ${PEERS_STALL_LIMIT:-10 s}"

loop=
release() {
    fsfreeze -u "$SCRATCH/hung" 2>/dev/null || :
    [ -z "$loop" ] || losetup -d "$loop" || :
    rm -rf "$SCRATCH" 2>/dev/null || :
}

console_says() {
    kill -0 "$guest" 2>/dev/null || fail "the guest has ended"
    ! grep -qs "^STEP .* FAIL" "$SCRATCH/serial" || fail "$(grep -m 1 '^STEP .* FAIL' "$SCRATCH/serial")"
    grep -qs "^$1" "$SCRATCH/serial"
}

status_says() {
    "$PROJECT_DIR/bin/vblade4j" status --socket "$SCRATCH/run/socket" >"$SCRATCH/status" &&
        grep -q "$1" "$SCRATCH/status"
}

resize() { # SIZE
    truncate -s "$1" "$SCRATCH/e1.1.img"
    losetup -c "$loop"
}

prepare_guest "$PEERS_DIR/stalled-guest-init"
trap release EXIT
loop=$(losetup -f --show "$SCRATCH/e1.1.img")
truncate -s 300M "$SCRATCH/hung.img"
mkfs.ext4 -q "$SCRATCH/hung.img"
mkdir "$SCRATCH/hung"
mount -o loop "$SCRATCH/hung.img" "$SCRATCH/hung"
truncate -s 256M "$SCRATCH/hung/disk.img"
start_exports "lost=1 1 tap1500 $loop" "hung=1 2 tap9000 $SCRATCH/hung/disk.img"
boot_guest &
guest=$!

wait_until 400 "the guest to use the first disk" console_says "STEP e1.1/works ok"
resize 0
wait_until 60 "the error of a lost disk" console_says "STEP e1.1/error ok"
status_says "waiting for device $loop, away since .*; answering with errors since" ||
    fail "status: $(cat "$SCRATCH/status")"
resize 256M
wait_until 60 "the lost disk to be back" console_says "STEP e1.1/again ok"

wait_until 60 "the guest to use the second disk" console_says "STEP e1.2/works ok"
fsfreeze -f "$SCRATCH/hung"
wait_until 60 "the error of a disk that hangs" console_says "STEP e1.2/error ok"
status_says "waiting for device $SCRATCH/hung/disk.img, which .* since .*; answering .*with errors since" ||
    fail "status: $(cat "$SCRATCH/status")"
fsfreeze -u "$SCRATCH/hung"
wait_until 60 "the disk that hung to go on" console_says "STEP e1.2/again ok"

wait "$guest"
check_steps mtu discover works error again up
stop_exports
umount "$SCRATCH/hung"
grep -E '^(STEP|RETRANSMITS|GUEST|KERNEL|aoe:)' "$SCRATCH/console"
note "ok: a lost and a hung disk were errors, and work again"
