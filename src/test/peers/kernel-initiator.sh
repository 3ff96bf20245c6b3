#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real peer: the Linux kernel's own aoe driver. An emulated machine boots Debian's kernel with two
# network cards on tap interfaces that the target serves, one of MTU 1500 and one of 9000, and makes,
# fills, checks and hammers an ext4 file system on each disk. Afterwards the images must say the same.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"
. "$(dirname "$0")/guest.sh"

need_guest
enter_private_namespaces "$@"

readonly PLAN="e1.1 eth0 1500 1024
e1.2 eth1 9000 8704"

prepare_guest "$PEERS_DIR/guest-init"
start_exports "${EXPORTS[@]}"
boot_guest
check_steps mtu discover stat mkfs mount write unmount fsck remount compare fio final-unmount final-fsck
stop_exports
grep -E '^(STEP|RETRANSMITS|GUEST|aoe:)' "$SCRATCH/console"
while read -r device _; do
    check_image "$device"
done <<<"$PLAN"
note "ok, target $PEERS_TARGET"
