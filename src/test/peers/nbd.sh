#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real peers of "aoe nbd": libnbd's nbdinfo, nbdcopy and nbdfuse, qemu-img and qemu-io, and an emulated
# machine with Debian's kernel whose disk is an AoE export behind an NBD socket: it starts from a
# partition-less ext4 root on it, writes and checks. nbd-client is not run: it needs the nbd module of
# the host's kernel.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"
need nbdinfo nbdcopy nbdfuse certtool qemu-img qemu-io qemu-system-x86_64 busybox mkfs.ext4 e2fsck debugfs cmp
: "${KERNEL_DIR:=$("$PEERS_DIR/fetch-kernel")}"
export KERNEL_DIR
enter_private_namespaces "$@"

readonly MIB=64
readonly SOCKET=$SCRATCH/nbd.sock
readonly URI="nbd+unix:///e1.1?socket=$SOCKET"
SERVER=
INTERFACES=(-i client) # of "aoe nbd"; none: all that are up

# serve SLOT OPTION...: "aoe nbd" in the background, until it listens.
serve() {
    local slot=$1
    shift
    : >"$SCRATCH/nbd.out"
    "$PROJECT_DIR/bin/aoe" nbd "${INTERFACES[@]}" "$@" "e1.$slot" >"$SCRATCH/nbd.out" 2>"$SCRATCH/nbd.err" &
    SERVER=$!
    wait_until 30 "aoe nbd" serves
}

serves() {
    kill -0 "$SERVER" 2>/dev/null || fail "aoe nbd ended: $(cat "$SCRATCH/nbd.err")"
    [ -s "$SCRATCH/nbd.out" ]
}

# ends: TERM ends the server in order, and it leaves no socket.
ends() {
    local status=0
    kill -TERM "$SERVER"
    wait "$SERVER" || status=$?
    [ "$status" = 143 ] || fail "aoe nbd ended with status $status: $(cat "$SCRATCH/nbd.err")"
    [ ! -e "$SOCKET" ] || fail "the socket stays behind"
}

info_test() {
    local found
    [ "$(stat -c %a "$SOCKET")" = 600 ] || fail "the socket's mode is $(stat -c %a "$SOCKET")"
    found=$(nbdinfo --json "$URI")
    for said in '"export-size": '$((MIB << 20)) '"can_multi_conn": true' '"can_flush": true' \
        '"can_fua": true' '"can_trim": false' '"can_zero": true' '"is_read_only": false' \
        '"block_size_minimum": 512' '"structured": true'; do
        grep -qF "$said" <<<"$found" || fail "nbdinfo does not say $said: $found"
    done
    nbdinfo --list "nbd+unix://?socket=$SOCKET" | grep -q 'export="e1.1"' || fail "no list"
    ! nbdinfo "nbd+unix:///e1.9?socket=$SOCKET" 2>/dev/null || fail "another name is accepted"
    ! nbdinfo --can trim "$URI" || fail "can trim"
}

copy_test() {
    nbdcopy --flush data "$URI"
    cmp data 1.img || fail "nbdcopy to the target"
    nbdcopy "$URI" back
    cmp data back || fail "nbdcopy from the target"
    rm back
    nbdcopy --connections=4 "nbd+unix://?socket=$SOCKET" back
    cmp data back || fail "nbdcopy with four connections"
}

qemu_img_test() {
    qemu-img convert -f raw -O qcow2 "$URI" disk.qcow2
    qemu-img check -q disk.qcow2
    qemu-img compare -q -f qcow2 -F raw disk.qcow2 "$URI"
    truncate -s "${MIB}M" sparse
    dd if=data of=sparse bs=1M count=2 seek=30 conv=notrunc status=none
    qemu-img convert -n -f raw -O raw sparse "$URI"
    cmp sparse 1.img || fail "qemu-img convert to the target"
    qemu-io -f raw -c 'write -P 7 1000 5001' -c 'write -z 3000 70000' -c 'read -P 0 3000 70000' \
        -c 'read -P 7 1000 2000' -c 'write -f -P 9 100 10' -c 'read -P 9 100 10' -c flush \
        "$URI" >qemu-io.log || fail "qemu-io: $(cat qemu-io.log)"
    ! grep -i -E 'failed|error' qemu-io.log || fail "qemu-io: $(cat qemu-io.log)"
}

# One request after the other, so that each finds the server asleep: 200 reads.
queue_depth_one_test() {
    local reads=() n
    for ((n = 0; n < 200; n++)); do
        reads+=(-c "read $((n * 65536)) 512")
    done
    timeout 20 qemu-io -r -f raw "${reads[@]}" "$URI" >qemu-io.log ||
        fail "200 reads take more than 20 s"
    [ "$(grep -c '^read ' qemu-io.log)" = 200 ] || fail "qemu-io: $(cat qemu-io.log)"
}

fuse_test() {
    mkdir mount
    nbdfuse mount/disk "$URI" &
    local fuse=$!
    wait_until 20 "nbdfuse" test -e mount/disk
    cmp mount/disk 1.img || fail "nbdfuse reads"
    dd if=data of=mount/disk bs=4096 count=100 seek=50 conv=notrunc,fsync status=none
    cmp -n 409600 -i 0:204800 data 1.img || fail "nbdfuse writes"
    umount mount
    wait "$fuse" || true
}

# certified NAME TEMPLATE-LINE...: pki/NAME-key.pem and pki/NAME-cert.pem, vouched for by pki/ca-cert.pem.
certified() {
    local name=$1
    shift
    printf '%s\n' "cn = $name" "expiration_days = 10" "$@" >"$name.template"
    (umask 077 && certtool --generate-privkey --outfile "pki/$name-key.pem" 2>>certtool.log)
    if [ "$name" = ca ]; then
        certtool --generate-self-signed --load-privkey pki/ca-key.pem --template ca.template \
            --outfile pki/ca-cert.pem 2>>certtool.log
    else
        certtool --generate-certificate --load-privkey "pki/$name-key.pem" \
            --load-ca-certificate pki/ca-cert.pem --load-ca-privkey pki/ca-key.pem \
            --template "$name.template" --outfile "pki/$name-cert.pem" 2>>certtool.log
    fi || fail "certtool: $(cat certtool.log)"
}

# refused WHAT COMMAND...: it fails.
refused() {
    local what=$1
    shift
    ! timeout 20 "$@" >refused.log 2>&1 || fail "$what is served: $(cat refused.log)"
}

tls_test() {
    local uri plain port
    mkdir pki bare
    certified ca ca cert_signing_key
    certified server 'dns_name = localhost' 'ip_address = 127.0.0.1' tls_www_server encryption_key \
        signing_key
    certified client tls_www_client encryption_key signing_key
    cp pki/ca-cert.pem bare
    serve 1 --port 0 --tls-cert pki/server-cert.pem --tls-key pki/server-key.pem \
        --tls-ca pki/ca-cert.pem
    uri=$(sed 's/.* at //' nbd.out)
    plain=nbd:${uri#nbds:}
    nbdinfo "$uri?tls-certificates=$PWD/pki" | grep -q 'with TLS' || fail "nbdinfo by TLS"
    nbdcopy --flush data "$uri?tls-certificates=$PWD/pki"
    cmp data 1.img || fail "nbdcopy to the target by TLS"
    nbdcopy --connections=4 "$uri?tls-certificates=$PWD/pki" back
    cmp data back || fail "nbdcopy from the target by TLS"
    rm back
    port=${uri##*:}
    qemu-img compare -q --object "tls-creds-x509,id=tls,dir=$PWD/pki,endpoint=client" --image-opts \
        driver=file,filename=data "driver=nbd,host=127.0.0.1,port=${port%%/*},export=e1.1,tls-creds=tls" ||
        fail "qemu-img by TLS"
    refused "a client without TLS" nbdinfo "$plain"
    grep -qi tls refused.log || fail "nbdinfo is not told why: $(cat refused.log)"
    refused "a client without a certificate" nbdinfo "$uri?tls-certificates=$PWD/bare"
    grep -q 'without TLS' nbd.err || fail "the server does not tell of the refusal: $(cat nbd.err)"
    ends
    serve 1 --socket "$SOCKET" --tls-cert pki/server-cert.pem --tls-key pki/server-key.pem
    nbdinfo "nbds+unix:///e1.1?socket=$SOCKET&tls-certificates=$PWD/bare" >info.log ||
        fail "nbdinfo by TLS on a Unix socket"
    ends
    chmod 644 pki/server-key.pem
    refused "a key that others can read" "$PROJECT_DIR/bin/aoe" nbd "${INTERFACES[@]}" --port 0 \
        --tls-cert pki/server-cert.pem --tls-key pki/server-key.pem e1.1
    grep -q 'can be used by others' refused.log || fail "no reason: $(cat refused.log)"
}

# Other users of the machine, by the credentials of the socket.
allow_test() {
    local as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    chmod 755 "$SCRATCH"
    serve 1 --socket "$SOCKET"
    refused "another user" "${as_nobody[@]}" nbdinfo "$URI"
    ends
    serve 1 --socket "$SOCKET" --allow 65534
    [ "$(stat -c %a "$SOCKET")" = 666 ] || fail "the socket's mode is $(stat -c %a "$SOCKET")"
    "${as_nobody[@]}" nbdinfo "$URI" >info.log || fail "a user who is allowed is refused"
    nbdinfo "$URI" >info.log || fail "root is refused"
    for _ in 1 2 3 4 5; do
        refused "a user who is not" setpriv --reuid=12345 --regid=65534 --clear-groups nbdinfo "$URI"
    done
    [ "$(grep -c 'is not allowed: refused' nbd.err)" = 1 ] ||
        fail "refusals are not told once: $(cat nbd.err)"
    ends
}

# The guest's root is on the disk itself: kernel and nothing else come from the outside. Its init reads
# a file, writes another and a checksum, and reports on the console.
make_root() {
    local root=$1/root name
    mkdir -p "$root"/{bin,dev,proc,tmp}
    cp "$(command -v busybox)" "$root/bin/busybox"
    for name in sh mount sed md5sum cut dd sync poweroff; do
        ln -s busybox "$root/bin/$name"
    done
    cp "$2" "$root/payload"
    cat >"$root/init" <<'INIT'
#!/bin/sh
export PATH=/bin
mount -t proc proc /proc
mount -o remount,rw /
echo "GUEST root is $(sed -n 's/ \/ ext4.*//p' /proc/mounts)"
echo "GUEST payload $(md5sum </payload | cut -d' ' -f1)"
dd if=/dev/urandom of=/written bs=64k count=128 2>/dev/null
sync
echo 3 >/proc/sys/vm/drop_caches
echo "GUEST wrote $(md5sum </written | cut -d' ' -f1)"
mount -o remount,ro /
poweroff -f
INIT
    chmod 755 "$root/init"
    truncate -s "${MIB}M" "$1/root.img"
    mkfs.ext4 -q -d "$root" "$1/root.img"
}

# An initramfs only to load the modules that Debian's kernel does not have built in.
make_loader() {
    local root=$1/loader name file number=10
    mkdir -p "$root"/{bin,dev,proc,modules,new}
    cp "$(command -v busybox)" "$root/bin/busybox"
    for name in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci \
        virtio_blk crc16 crc32c_generic libcrc32c mbcache jbd2 ext4; do
        file=$(find "$KERNEL_DIR/lib/modules" -name "$name.ko*")
        case $file in
            *.ko) cp "$file" "$root/modules/$number-$name.ko" ;;
            *.xz) xz -dc "$file" >"$root/modules/$number-$name.ko" ;;
            ?*) fail "cannot unpack $file" ;;
        esac
        number=$((number + 1))
    done
    cat >"$root/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs devtmpfs /dev
for module in /modules/*.ko; do
    insmod "$module" || echo "GUEST no module $module"
done
mount -t ext4 -o ro /dev/vda /new && mount -t devtmpfs devtmpfs /new/dev &&
    exec switch_root /new /init
echo "GUEST no root"
poweroff -f
INIT
    chmod 755 "$root/init"
    (cd "$root" && find . | cpio --quiet -o -H newc) >"$1/loader.cpio"
}

guest_test() {
    local said sum
    head -c 8M data >payload
    make_root "$SCRATCH" payload
    make_loader "$SCRATCH"
    "$PROJECT_DIR/bin/aoe" dd -i client --force "$SCRATCH/root.img" e1.2 2>/dev/null
    serve 2 --socket "$SOCKET"
    timeout --foreground 120 qemu-system-x86_64 -accel tcg -cpu max -m 256 -nodefaults \
        -no-user-config -no-reboot -display none -serial "file:$SCRATCH/serial" \
        -kernel "$KERNEL_DIR/vmlinuz" -initrd "$SCRATCH/loader.cpio" \
        -append "console=ttyS0 quiet panic=-1 random.trust_cpu=on" \
        -drive "file=nbd+unix:///e1.2?socket=$SOCKET,format=raw,if=virtio" \
        >"$SCRATCH/qemu.log" 2>&1 || fail "qemu: $(cat "$SCRATCH/qemu.log" "$SCRATCH/serial")"
    ends
    tr -d '\r' <"$SCRATCH/serial" | grep '^GUEST' || fail "$(cat "$SCRATCH/serial")"
    grep -q '^GUEST root is /dev/vda' "$SCRATCH/serial" || fail "the root is not the NBD disk"
    said=$(sed -n 's/^GUEST payload \([0-9a-f]*\).*/\1/p' "$SCRATCH/serial")
    sum=$(md5sum <payload | cut -d' ' -f1)
    [ "$said" = "$sum" ] || fail "the guest read $said, expected $sum"
    said=$(sed -n 's/^GUEST wrote \([0-9a-f]*\).*/\1/p' "$SCRATCH/serial")
    e2fsck -f -n 2.img >fsck.log 2>&1 || fail "the image's file system: $(cat fsck.log)"
    sum=$(debugfs -R 'cat /written' 2.img 2>/dev/null | md5sum | cut -d' ' -f1)
    [ "${said:-nothing}" = "$sum" ] || fail "the guest wrote $said, the image holds $sum"
}

add_veth aside0 aside1 9000 # leads nowhere, and comes first
add_veth target client 9000
cd "$SCRATCH"
head -c "${MIB}M" /dev/urandom >data
truncate -s "${MIB}M" 1.img 2.img
start_exports one="1 1 target $PWD/1.img" two="1 2 target $PWD/2.img"
serve 1 --socket "$SOCKET"
info_test
copy_test
qemu_img_test
queue_depth_one_test
fuse_test
ends
serve 1 --read-only --port 0
nbdinfo --is read-only "$(sed 's/.* at //' nbd.out)" || fail "not read-only"
ends
note "ok nbdinfo, nbdcopy, qemu-img, qemu-io, nbdfuse"
tls_test
note "ok TLS"
allow_test
note "ok --allow"
INTERFACES=()
serve 1 --socket "$SOCKET"
copy_test
queue_depth_one_test
ends
note "ok without -i"
guest_test
stop_exports
note "ok, target $PEERS_TARGET"
