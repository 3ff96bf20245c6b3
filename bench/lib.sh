# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the benchmarks share: a network of their own, targets, waiting. To be sourced, at the project's
# top, by a script that has read its options.

# prepare PACKAGES: root, the tools, the jar.
prepare() {
    if [ "$(id -u)" != 0 ]; then
        echo "${0##*/}: needs root: run  sudo $0" >&2
        exit 1
    fi
    src/test/peers/install-deps "$1"
    [ -f target/vblade4j.jar ] || mvn -B -q -DskipTests package
}

# enter_network OPTION...: runs the script again, with these, where nobody else's frames are.
enter_network() {
    if [ "${VBLADE4J_BENCH_INSIDE-}" != "$$" ]; then
        VBLADE4J_BENCH_INSIDE=$$ exec unshare --net -- "$0" "$@"
    fi
    ip link set lo up
}

# cable MTU: t0, the target's end, and i0, the initiator's.
cable() {
    ip link add t0 type veth peer name i0
    for end in t0 i0; do
        # Nothing else shall be sent there: no neighbour discovery.
        [ ! -d /proc/sys/net/ipv6 ] || echo 1 >"/proc/sys/net/ipv6/conf/$end/disable_ipv6"
        ip link set "$end" mtu "$1" up
    done
}

# supervise DIRECTORY [TOP [COMMAND...]]: becomes a supervisor of the build at TOP, run by the command,
# with the files confd and settings of the directory, where it keeps what it has.
supervise() {
    directory=$1 build=${2-.}
    mkdir -p "$directory/state"
    [ $# -lt 2 ] || shift
    shift
    exec "$@" "$build/bin/vblade4j" supervise --socket="$directory/socket" \
        --confd="$directory/confd" --settings="$directory/settings" \
        --state-dir="$directory/state" --data-dir="$directory/data"
}

# await_target PID LOG COMMAND...: until the command succeeds. Each try may take a second.
await_target() {
    process=$1 log=$2 left=20
    shift 2
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        if [ "$left" -le 0 ] || ! kill -0 "$process" 2>/dev/null; then
            echo "${0##*/}: the target does not answer:" >&2
            cat "$log" >&2
            exit 1
        fi
    done
}

# end_processes PID...: and waits for them.
end_processes() {
    for process; do kill "$process" 2>/dev/null || :; done
    for process; do wait "$process" 2>/dev/null || :; done
}

# ticks PID: its processor time.
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
