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
# Disks of the same addresses and size on cables whose ends are named as in the guest: what aoe stat
# says of them must be what aoe-stat says there.
for number in 0 1; do
    add_veth "view$number" "eth$number" $((number == 0 ? 1500 : 9000))
    truncate -s 256M "$SCRATCH/view$number.img"
    EXPORTS+=("view$number=1 $((number + 1)) view$number $SCRATCH/view$number.img")
done
start_exports "${EXPORTS[@]}"
boot_guest
check_steps mtu discover stat mkfs mount write unmount fsck remount compare fio final-unmount final-fsck
"$PROJECT_DIR/bin/aoe" stat -i eth0 -i eth1 >"$SCRATCH/stat" || fail "aoe stat: status $?"
[ "$(wc -l <"$SCRATCH/stat")" = 2 ] || fail "aoe stat: $(cat "$SCRATCH/stat")"
while IFS= read -r line; do
    grep -Fxq -- "$line" "$SCRATCH/console" || fail "aoe-stat did not print '$line'"
    note "aoe stat and aoe-stat: $line"
done <"$SCRATCH/stat"
stop_exports
grep -E '^(STEP|RETRANSMITS|GUEST|aoe:)' "$SCRATCH/console"
while read -r device _; do
    check_image "$device"
done <<<"$PLAN"
note "ok, target $PEERS_TARGET"
