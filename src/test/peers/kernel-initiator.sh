#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real peer: the Linux kernel's own aoe driver. An emulated machine boots Debian's kernel with two
# network cards on tap interfaces that the target serves, one of MTU 1500 and one of 9000, and makes,
# fills, checks and hammers an ext4 file system on each disk. Afterwards the images must say the same.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"

need qemu-system-x86_64 cpio busybox bash mkfs.ext4 e2fsck debugfs fio aoe-discover aoe-stat md5sum
: "${KERNEL_DIR:=$("$PEERS_DIR/fetch-kernel")}"
export KERNEL_DIR
enter_private_namespaces "$@"

# device interface-in-guest MTU payload
readonly PLAN="e1.1 eth0 1500 1024
e1.2 eth1 9000 8704"
readonly GLOBAL_STEPS="modules log"
readonly DISK_STEPS="mtu discover stat mkfs mount write unmount fsck remount compare fio
    final-unmount final-fsck"

boot_guest() {
    local nics=() device nic mtu rest
    while read -r device nic mtu rest; do
        nics+=(-netdev "tap,id=$nic,ifname=tap$mtu,script=no,downscript=no")
        nics+=(-device "virtio-net-pci,netdev=$nic,romfile=,mac=02:00:00:00:01:0${device#*.}")
    done <<<"$PLAN"
    timeout --foreground 240 qemu-system-x86_64 -accel tcg -cpu max -smp 1 -m 640 -nodefaults -no-user-config \
        -no-reboot -display none -serial "file:$SCRATCH/serial" \
        -kernel "$KERNEL_DIR/vmlinuz" -initrd "$SCRATCH/initramfs" \
        -append "console=ttyS0 quiet panic=-1 random.trust_cpu=on" "${nics[@]}" \
        >"$SCRATCH/qemu.log" 2>&1 || echo "qemu ended with status $?" >>"$SCRATCH/qemu.log"
    tr -d '\r' <"$SCRATCH/serial" >"$SCRATCH/console"
}

show_and_fail() {
    cat "$SCRATCH/console" "$SCRATCH/qemu.log" "$SCRATCH/target.log" >&2
    fail "$1"
}

check_steps() {
    local step failed
    failed=$(grep -m 1 '^STEP .* FAIL' "$SCRATCH/console") && show_and_fail "$failed"
    for step in $GLOBAL_STEPS; do
        grep -q "^STEP $step ok" "$SCRATCH/console" || show_and_fail "step $step"
    done
    while read -r device _; do
        for step in $DISK_STEPS; do
            grep -q "^STEP $device/$step ok" "$SCRATCH/console" || show_and_fail "$device: $step"
        done
    done <<<"$PLAN"
}

# check_image DEVICE: what the guest wrote is in the file, and the file system is whole.
check_image() {
    local image=$SCRATCH/$1.img said found
    e2fsck -f -n "$image" >"$SCRATCH/fsck.log" 2>&1 || {
        cat "$SCRATCH/fsck.log" >&2
        fail "$1: the image's file system is not clean"
    }
    said=$(sed -n "s/^SUM $1 //p" "$SCRATCH/console")
    found=$(debugfs -R 'cat /data' "$image" 2>/dev/null | md5sum | cut -d' ' -f1)
    [ "${said:-nothing}" = "$found" ] || fail "$1: the image holds $found, the guest wrote $said"
    note "$1: image clean, 64 MB in it as written"
}

exports=()
while read -r device _ mtu _; do
    add_tap "tap$mtu" "$mtu"
    truncate -s 256M "$SCRATCH/$device.img"
    exports+=("disk${device#*.}=1 ${device#*.} tap$mtu $SCRATCH/$device.img")
done <<<"$PLAN"
echo "$PLAN" >"$SCRATCH/plan"
"$PEERS_DIR/make-initramfs" "$KERNEL_DIR" "$PEERS_DIR/guest-init" "$SCRATCH/plan" \
    "$SCRATCH/initramfs" bash mkfs.ext4 e2fsck fio aoe-discover aoe-stat aoe-version

start_exports "${exports[@]}"
boot_guest
check_steps
stop_exports
grep -E '^(STEP|RETRANSMITS|GUEST|aoe:)' "$SCRATCH/console"
while read -r device _; do
    check_image "$device"
done <<<"$PLAN"
note "ok, target $PEERS_TARGET"
