#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Our initiator's tools move data, the target stores it: cat, dd and verify in every direction, sparse
# files, what dd refuses, an interruption and its resumption. Once against the C program, once against
# our own target; checksums of the images decide.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"
need sha256sum cmp vblade
enter_private_namespaces "$@"

readonly MIB=64
aoe() {
    local command=$1
    shift
    "$PROJECT_DIR/bin/aoe" "$command" -i client "$@" 2>>"$SCRATCH/aoe.log"
}

# ends STATUS COMMAND...: the command must end so.
ends() {
    local expected=$1 status=0
    shift
    "$@" || status=$?
    [ "$status" = "$expected" ] || {
        tail -n 3 "$SCRATCH/aoe.log" >&2
        fail "$* ended with status $status, expected $expected"
    }
}

same() {
    cmp "$@" || fail "$* differ"
}

# is_sparse FILE: takes less than a quarter of the room its length asks for.
is_sparse() {
    local kib
    kib=$(du -k "$1" | cut -f1)
    [ "$kib" -lt $((MIB * 256)) ] || fail "$1 takes $kib KiB"
}

is_full() {
    local kib
    kib=$(du -k "$1" | cut -f1)
    [ "$kib" -ge $((MIB * 1024)) ] || fail "$1 takes only $kib KiB"
}

to_and_fro() {
    ends 0 aoe dd data e1.1
    same data 1.img
    ends 1 aoe dd data e1.1
    ends 1 aoe dd data e1.2 --seek 1
    ends 0 aoe dd --json e1.1 copy >json
    grep -q '"result":"done"' json || fail "no result in $(cat json)"
    same data copy
    ends 1 aoe dd e1.1 copy
    ends 0 aoe dd e1.1 e1.2
    same data 2.img
    ends 0 aoe cat e1.2 | same - data
    ends 0 aoe cat --skip 3 --length 9K e1.2 | same -n 9216 -i 0:1536 - data
    ends 141 reader_leaves
    ends 0 aoe verify --compare data e1.2 >>aoe.log
    printf x | dd of=2.img bs=1 seek=$((5000 * 512 + 7)) conv=notrunc status=none
    ends 1 aoe verify --compare data e1.2 >>aoe.log
    grep -q '^e1.2: 1 sectors differ, the first is 5000$' aoe.log || fail "$(tail aoe.log)"
    ends 0 aoe verify --write --seed 7 --skip 100 --length 5000 e1.2 >>aoe.log
    ends 0 aoe verify --seed 7 --skip 100 --length 5000 e1.2 >>aoe.log
}

reader_leaves() {
    aoe cat e1.1 | head -c 1 >/dev/null
    return "${PIPESTATUS[0]}"
}

holes() {
    truncate -s "${MIB}M" sparse
    dd if=data of=sparse bs=1M count=2 seek=20 conv=notrunc status=none
    ends 0 aoe dd --force sparse e1.2
    same sparse 2.img
    ends 0 aoe dd e1.2 sparse2
    same sparse sparse2
    is_sparse sparse2
    ends 0 aoe dd --no-sparse e1.2 full
    same sparse full
    is_full full
    ends 0 aoe dd --force --skip-holes sparse e1.1
    same -n $((20 << 20)) data 1.img
    same -n $((2 << 20)) -i $((20 << 20)) sparse 1.img
}

# The pipe is fed slowly, so that the signal finds the copy in the middle.
interruption() {
    local status=0 feeder copy
    mkfifo pipe
    drip >pipe &
    feeder=$!
    "$PROJECT_DIR/bin/aoe" dd -i client --force --length "${MIB}M" --state state - e1.2 \
        <pipe 2>interrupted &
    copy=$!
    wait_until 60 "the first bytes" cmp -s -n 3000000 data 2.img
    kill -TERM "$copy"
    wait "$copy" || status=$?
    kill "$feeder" 2>/dev/null || true
    [ "$status" = 143 ] || fail "the interrupted copy ended with $status: $(cat interrupted)"
    grep -q "bytes are durable in e1.2; the same command goes on from there" interrupted ||
        fail "not clear: $(cat interrupted)"
    grep -q '"durable_bytes":[1-9]' state || fail "no record: $(cat state)"
    ends 0 aoe dd --force --length "${MIB}M" --state state - e1.2 <data
    grep -q 'MiB) in' aoe.log || fail "no summary"
    same data 2.img
    [ ! -e state ] || fail "the record stays behind"
}

drip() {
    local at
    for ((at = 0; at < MIB; at++)); do
        dd if=data bs=1M skip="$at" count=1 status=none 2>/dev/null
        sleep 0.2
    done
}

round() {
    note "target $PEERS_TARGET"
    cd "$SCRATCH"
    rm -rf run work
    mkdir work
    cd work
    truncate -s "${MIB}M" 1.img 2.img
    cp ../data data
    start_exports one="1 1 target $PWD/1.img" two="1 2 target $PWD/2.img"
    : >"$SCRATCH/aoe.log"
    ln -s ../aoe.log aoe.log
    to_and_fro
    holes
    interruption
    stop_exports
    cd "$PROJECT_DIR"
}

add_veth target client 9000
head -c "${MIB}M" /dev/urandom >"$SCRATCH/data"
for PEERS_TARGET in vblade supervise; do
    round
done
note "ok"
