#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real peer: aoetools over a veth pair. aoeping and aoecfg discard every frame shorter than 60 bytes,
# which is what the C program sends and a veth does not pad: this passes only for a target that pads.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"
need aoeping aoecfg aoe-sancheck
enter_private_namespaces "$@"

readonly SECTORS=8192

# expect WHAT STATUS OUTPUT COMMAND...: the status and all of the output must be as given.
expect() {
    local what=$1 status=$2 output=$3 found found_status=0
    shift 3
    found=$("$@" 2>&1) || found_status=$?
    [ "$found_status" = "$status" ] || fail "$what: status $found_status, expected $status: $found"
    [ "$found" = "$output" ] || fail "$what: printed '$found', expected '$output'"
    note "ok $what"
}

# expect_line WHAT REGEX COMMAND...: status 0 and a line that matches.
expect_line() {
    local what=$1 regex=$2 found
    shift 2
    found=$("$@" 2>&1) || fail "$what: status $?: $found"
    grep -Eq "$regex" <<<"$found" || fail "$what: no line matches '$regex' in: $found"
    note "ok $what"
}

# identify_bytes OFFSET COUNT: of the page that aoeping shows, in hexadecimal.
identify_bytes() {
    aoeping -i -s 5 1 1 client | sed 1d | tr -d ' \n' | cut -c "$(($1 * 2 + 1))-$((($1 + $2) * 2))"
}

ping_test() {
    local mac
    mac=$(tr -d : </sys/class/net/target/address)
    expect "aoeping finds the target" 0 "" aoeping -s 5 1 1 client
    expect_line "aoeping -v names it" "^found e1\.1 with mac $mac\$" aoeping -v -s 5 1 1 client
    expect_line "aoeping -t keeps its tag" "^tag: 800004d2\$" \
        aoeping -t 1234 -v -s 5 1 1 client
    expect "aoeping of nobody waits in vain" 142 "" alarmed aoeping -s 1 1 9 client
}

# alarmed COMMAND...: its status, without the shell's remark on the signal that ended it.
alarmed() {
    local status=0
    { "$@" || status=$?; } 2>/dev/null
    return "$status"
}

identify_test() {
    local lba28 lba48
    expect_line "aoeping -i shows the page" "^([0-9a-f]{2} ){16}\$" aoeping -i -s 5 1 1 client
    printf -v lba28 '%02x%02x0000' $((SECTORS & 255)) $((SECTORS >> 8))
    lba48=${lba28}00000000
    expect "words 60-61 hold the size" 0 "$lba28" identify_bytes 120 4
    expect "words 100-103 hold the size" 0 "$lba48" identify_bytes 200 8
    expect_line "aoeping -I shows a serial number" "^serial_number: [^ ]" \
        aoeping -I -s 5 1 1 client
    expect_line "aoeping -I shows a model" "^model: [^ ]" aoeping -I -s 5 1 1 client
    expect "aoeping -S learns that there is no SMART" 1 "Error: e1.1 does not support SMART" \
        aoeping -S read_data -s 5 1 1 client
}

# cfg OPERATION STRING [SECONDS]
cfg() {
    aoecfg -c "$1" -s "$2" -t "${3:-5}" 1 1 client
}

config_test() {
    expect "the string is empty at first" 0 "" cfg read ""
    expect "set stores" 0 "owner-a" cfg set owner-a
    expect "read returns it" 0 "owner-a" cfg read ""
    expect "set of the same is no conflict" 0 "owner-a" cfg set owner-a
    expect "set of another is refused" 0 "*badcfg*" cfg set owner-b
    expect "test of the whole answers" 0 "owner-a" cfg test owner-a
    expect "test of a part is silent" 0 "" cfg test owner 1
    expect "prefix of a part answers" 0 "owner-a" cfg prefix owner
    expect "prefix of another is silent" 0 "" cfg prefix owner-b 1
    expect "fset replaces" 0 "owner-b" cfg fset owner-b
    expect "the broadcast finds both exports" 0 "1.1	owner-b
1.2	" sorted aoecfg -t 1 client
    expect "fset of nothing clears" 0 "" cfg fset ""
    expect "set is possible again" 0 "owner-c" cfg set owner-c
}

sorted() {
    "$@" | sort
}

sancheck_test() {
    expect_line "aoe-sancheck sees frames of 1024 bytes through" \
        "^e1\.1[[:space:]]+1[[:space:]]+1024[[:space:]]+client" aoe-sancheck
}

add_veth target client
truncate -s $((SECTORS * 512)) "$SCRATCH/1.img" "$SCRATCH/2.img"
start_exports one="1 1 target $SCRATCH/1.img" two="1 2 target $SCRATCH/2.img"
ping_test
identify_test
config_test
sancheck_test
stop_exports
note "ok, target $PEERS_TARGET"
