# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the real-peer tests share: namespaces, scratch space, waiting, verdicts. To be sourced.
set -euo pipefail

PEERS_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PROJECT_DIR=$(cd "$PEERS_DIR/../../.." && pwd)
# shellcheck disable=SC2034 # for the scripts that source this
readonly PEERS_DIR PROJECT_DIR

# fail REASON: what a function "explain" has to say comes first.
fail() {
    ! declare -F explain >/dev/null || explain
    printf '%s: FAIL: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

note() {
    printf '%s: %s\n' "${0##*/}" "$*"
}

# need TOOL...: a missing peer is a failure, never a reason to skip.
need() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "$tool is missing: run src/test/peers/install-deps"
    done
}

# enter_private_namespaces "$@": runs the script again in network, process and mount namespaces of
# its own. They end with the script, however it ends: no interface, process or mount can stay behind,
# and no frame can reach a real network. Without root a user namespace comes first.
enter_private_namespaces() {
    if [ "${VBLADE4J_PEERS_PRIVATE:-}" != yes ]; then
        need unshare ip
        local user=()
        [ "$(id -u)" = 0 ] || user=(--user --map-root-user)
        VBLADE4J_PEERS_PRIVATE=yes exec unshare "${user[@]}" --net --pid --fork --kill-child \
            --mount --mount-proc -- "$0" "$@"
    fi
    unset VBLADE4J_PEERS_PRIVATE
    mount -t sysfs sysfs /sys # shows the interfaces of the namespace it is mounted from
    ip link set lo up
    SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/vblade4j-peers.XXXXXX")
    readonly SCRATCH
    trap 'exit 143' TERM INT
    trap 'rm -rf "$SCRATCH"' EXIT
}

# wait_until SECONDS WHAT COMMAND...: polls ten times a second.
wait_until() {
    local left=$(($1 * 10)) what=$2
    shift 2
    until "$@"; do
        [ "$left" -gt 0 ] || fail "timed out waiting for $what"
        left=$((left - 1))
        sleep 0.1
    done
}

# add_veth NAME PEER [MTU]: a cable with both ends in this namespace, up, without IPv6 chatter.
add_veth() {
    ip link add "$1" type veth peer name "$2"
    local end
    for end in "$1" "$2"; do
        no_ipv6 "$end"
        ip link set dev "$end" mtu "${3:-1500}" up
    done
    capture "$1"
}

# add_tap NAME MTU: the host's end of a guest's network card.
add_tap() {
    ip tuntap add dev "$1" mode tap
    no_ipv6 "$1"
    ip link set dev "$1" mtu "$2" up
    capture "$1"
}

# capture INTERFACE: with PEERS_CAPTURE=DIRECTORY, keeps the first AoE frames of a peer's in a file.
# That is how the captures below src/test/captures were made.
capture() {
    [ -n "${PEERS_CAPTURE:-}" ] || return 0
    need dumpcap
    local name=${0##*/}
    dumpcap -q -P -i "$1" -f 'ether proto 0x88a2' -c "${PEERS_CAPTURE_FRAMES:-300}" \
        -w "$PEERS_CAPTURE/${name%.sh}-$1.pcap" >/dev/null 2>&1 &
    sleep 2
}

no_ipv6() {
    local knob=/proc/sys/net/ipv6/conf/$1/disable_ipv6
    [ ! -e "$knob" ] || echo 1 >"$knob"
}
