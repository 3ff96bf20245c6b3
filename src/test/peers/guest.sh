# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# An emulated machine with the Linux kernel's aoe driver, its network cards on tap interfaces that the
# target serves. To be sourced after lib.sh and targets.sh, with PLAN set to lines of
# "DEVICE INTERFACE-IN-GUEST MTU PAYLOAD".

# What the scripts that source this need from the host; the programs also go into the guest.
# shellcheck disable=SC2034
readonly GUEST_PROGRAMS="bash dd mkfs.ext4 e2fsck fio aoe-discover aoe-stat aoe-version"

need_guest() {
    # shellcheck disable=SC2086 # words
    need qemu-system-x86_64 cpio busybox debugfs md5sum $GUEST_PROGRAMS
    : "${KERNEL_DIR:=$("$PEERS_DIR/fetch-kernel")}"
    export KERNEL_DIR
}

# prepare_guest INIT: taps, images and the guest's root; sets EXPORTS to what is to be served.
prepare_guest() {
    local device _ mtu
    EXPORTS=()
    while read -r device _ mtu _; do
        add_tap "tap$mtu" "$mtu"
        truncate -s 256M "$SCRATCH/$device.img"
        EXPORTS+=("disk${device#*.}=1 ${device#*.} tap$mtu $SCRATCH/$device.img")
    done <<<"$PLAN"
    echo "$PLAN" >"$SCRATCH/plan"
    # shellcheck disable=SC2086 # words
    "$PEERS_DIR/make-initramfs" "$KERNEL_DIR" "$1" "$SCRATCH/plan" "$SCRATCH/initramfs" \
        $GUEST_PROGRAMS
}

# boot_guest: runs the emulated machine to its end; what it says is in $SCRATCH/serial meanwhile,
# in $SCRATCH/console afterwards.
boot_guest() {
    local nics=() device nic mtu rest
    while read -r device nic mtu rest; do
        nics+=(-netdev "tap,id=$nic,ifname=tap$mtu,script=no,downscript=no")
        nics+=(-device "virtio-net-pci,netdev=$nic,romfile=,mac=02:00:00:00:01:0${device#*.}")
    done <<<"$PLAN"
    timeout --foreground 540 qemu-system-x86_64 -accel tcg -cpu max -smp 1 -m 640 -nodefaults -no-user-config \
        -no-reboot -display none -serial "file:$SCRATCH/serial" \
        -kernel "$KERNEL_DIR/vmlinuz" -initrd "$SCRATCH/initramfs" \
        -append "console=ttyS0 quiet panic=-1 random.trust_cpu=on" "${nics[@]}" \
        >"$SCRATCH/qemu.log" 2>&1 || echo "qemu ended with status $?" >>"$SCRATCH/qemu.log"
    tr -d '\r' <"$SCRATCH/serial" >"$SCRATCH/console"
}

# explain: what guest and target have said so far, for whoever reads of a failure.
explain() {
    local file
    for file in serial qemu.log target.log; do
        [ ! -s "$SCRATCH/$file" ] || {
            echo "--- $file:"
            tail -n 60 "$SCRATCH/$file" | tr -d '\r'
        }
    done >&2
}

# check_steps STEP...: the guest has reported each as ok, for each disk.
check_steps() {
    local step failed
    failed=$(grep -m 1 '^STEP .* FAIL' "$SCRATCH/console") && fail "$failed"
    for step in modules log; do
        grep -q "^STEP $step ok" "$SCRATCH/console" || fail "step $step"
    done
    while read -r device _; do
        for step in "$@"; do
            grep -q "^STEP $device/$step ok" "$SCRATCH/console" || fail "$device: $step"
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
