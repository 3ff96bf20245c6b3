#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real peer: iPXE, the network card's boot firmware. An emulated PC without a disk boots from the
# target; the boot sector reads the second sector through the firmware and prints it on the serial
# port. iPXE gets its orders, one "sanboot" line, from the emulator's own DHCP and TFTP servers.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"
need qemu-system-x86_64
[ -e /usr/lib/ipxe/qemu/pxe-virtio.rom ] || fail "no iPXE: run src/test/peers/install-deps"
enter_private_namespaces "$@"

readonly MARKER="booted over AoE"
readonly BOOTED=33 # the emulator's status after the boot sector wrote 16 to its exit port

# At 7c00, entered with the drive's number in DL:
#   xor ax,ax; mov ds,ax; mov es,ax; mov bx,7e00; mov ax,0201; mov cx,0002; mov dh,0; int 13; jc end
#   mov si,7e00; cld; mov dx,3f8
#   next: lodsb; test al,al; jz end; out dx,al; jmp next
#   end: mov al,10; out f4,al; hlt
boot_image() {
    {
        printf '\x31\xc0\x8e\xd8\x8e\xc0\xbb\x00\x7e\xb8\x01\x02\xb9\x02\x00\xb6\x00\xcd\x13\x72\x0f'
        printf '\xbe\x00\x7e\xfc\xba\xf8\x03'
        printf '\xac\x84\xc0\x74\x03\xee\xeb\xf8'
        printf '\xb0\x10\xe6\xf4\xf4'
    } >"$1"
    truncate -s 510 "$1"
    printf '\x55\xaa%s\n' "$MARKER" >>"$1"
    truncate -s 8M "$1"
}

add_tap tap0 1500
boot_image "$SCRATCH/disk.img"
mkdir "$SCRATCH/tftp"
printf '#!ipxe\nsanboot aoe:e1.1\n' >"$SCRATCH/tftp/boot.ipxe"
start_exports disk="1 1 tap0 $SCRATCH/disk.img"

status=0
timeout --foreground 300 qemu-system-x86_64 -accel tcg -cpu max -m 64 -nodefaults -no-user-config -no-reboot \
    -display none -boot n -serial "file:$SCRATCH/serial" \
    -device isa-debug-exit,iobase=0xf4,iosize=4 \
    -netdev tap,id=tap,ifname=tap0,script=no,downscript=no \
    -netdev "user,id=boot,restrict=on,tftp=$SCRATCH/tftp,bootfile=boot.ipxe" \
    -netdev hubport,id=port0,hubid=0 \
    -netdev hubport,id=port1,hubid=0,netdev=tap \
    -netdev hubport,id=port2,hubid=0,netdev=boot \
    -device virtio-net-pci,netdev=port0,mac=02:00:00:00:01:01 \
    >"$SCRATCH/qemu.log" 2>&1 || status=$?
if [ "$status" != "$BOOTED" ] || ! grep -qa "$MARKER" "$SCRATCH/serial"; then
    cat "$SCRATCH/qemu.log" "$SCRATCH/serial" "$SCRATCH/target.log" >&2
    fail "qemu ended with status $status, the marker did not appear"
fi
stop_exports
note "ok, target $PEERS_TARGET: $(tr -d '\0\r' <"$SCRATCH/serial")"
