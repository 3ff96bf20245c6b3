#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Linux kernel's aoe driver rides through a target that dies. While an emulated machine reads,
# writes and checks a mounted file system, the installed service that serves it under OpenRC has its
# JVM killed with -9, twice, and supervise-daemon brings it back; then its jar is replaced and the
# service restarted, as an upgrade does. No I/O error may reach the file system.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/targets.sh"
. "$(dirname "$0")/guest.sh"

need_guest
need openrc-run rc-service chroot pgrep
[ -f "$PROJECT_DIR/target/vblade4j.jar" ] || fail "not built: run mvn package"
enter_private_namespaces "$@"
[ "$PEERS_TARGET" = supervise ] || fail "only a supervisor takes up its exports again"

readonly PLAN="e1.1 eth0 1500 1024"
readonly JAR=/usr/share/vblade4j/lib/vblade4j.jar
readonly RESPAWN_LIMIT_MS=2000

# install_service: vblade4j as a package installs it, on a machine that OpenRC has booted, with the
# scratch directory as its /srv.
install_service() {
    local top=$PROJECT_DIR root
    # shellcheck source=src/test/service/lib/boot-openrc
    . "$top/src/test/service/lib/boot-openrc"
    readonly ROOT=$root
    mount --bind "$SCRATCH" "$ROOT/srv"
    {
        printf 'config_disk1="%s"\n' "${EXPORTS[0]/"disk1=1 1 tap1500 $SCRATCH"/1 1 tap1500 /srv}"
        echo "VBLADE_LOG=/srv/target.log"
    } >"$ROOT/etc/conf.d/vblade"
    touch -d '5 seconds ago' "$ROOT/etc/conf.d/vblade" # OpenRC compares by the second
    ln -s vblade "$ROOT/etc/init.d/vblade.disk1"
}

service() { # NAME ACTION
    chroot "$ROOT" /sbin/rc-service "$@" </dev/null >"$SCRATCH/service.log" 2>&1
}

service_must() {
    service "$@" || {
        cat "$SCRATCH/service.log" >&2
        fail "rc-service $* failed"
    }
}

jvm() {
    pgrep -ox 'java|vblade4j'
}

new_jvm() { # OLD
    local now
    now=$(jvm) && [ "$now" != "$1" ]
}

now_ms() {
    date +%s%3N
}

serving() {
    [ "$(aoe_sockets)" = 1 ]
}

console_says() {
    grep -qs "^$1" "$SCRATCH/serial"
}

load_begins() {
    kill -0 "$guest" 2>/dev/null || fail "the guest has ended before its load began"
    console_says "LOAD begins"
}

# under_load: what was just done was done while the guest was at it, which now goes on for a while.
under_load() {
    sleep 3
    console_says "LOAD ends" && fail "the load ended before the target had come and gone"
    service_must vblade.disk1 status
}

# kill_jvm: nobody but supervise-daemon starts another.
kill_jvm() {
    local victim killed_ms respawned_ms
    victim=$(jvm)
    killed_ms=$(now_ms)
    kill -KILL "$victim"
    until new_jvm "$victim"; do
        [ "$(now_ms)" -le $((killed_ms + RESPAWN_LIMIT_MS)) ] ||
            fail "no new JVM $RESPAWN_LIMIT_MS ms after the kill"
        sleep 0.02
    done
    respawned_ms=$(now_ms)
    # What the dead one held is closed when the last of its threads is gone.
    wait_until 30 "the killed JVM's end" test ! -e "/proc/$victim"
    wait_until 90 "the export to be served again" serving
    note "killed -9: a new JVM after $((respawned_ms - killed_ms)) ms," \
        "served again after $(($(now_ms) - killed_ms)) ms"
    under_load
}

opened_jar() {
    find "/proc/$(jvm)/fd" -lname "*$JAR*" -printf '%l\n' | head -n 1
}

# upgrade: the new jar takes the old one's name, as a package manager does it, and the service is
# restarted.
upgrade() {
    local before began_ms
    before=$(jvm)
    cp "$ROOT$JAR" "$ROOT$JAR.new"
    mv "$ROOT$JAR.new" "$ROOT$JAR"
    [[ $(opened_jar) == *"(deleted)" ]] || fail "the JVM does not run from the replaced jar"
    began_ms=$(now_ms)
    service_must vblade restart
    new_jvm "$before" || fail "a restart left the JVM"
    [[ $(opened_jar) == *"$JAR" ]] || fail "the new JVM runs from '$(opened_jar)'"
    # OpenRC starts the exports in the background.
    wait_until 90 "the export to be served again" serving
    note "upgraded: served again $(($(now_ms) - began_ms)) ms after the restart began"
    wait_until 60 "the export's service" service vblade.disk1 status
    under_load
}

prepare_guest "$PEERS_DIR/ride-guest-init"
install_service
service_must vblade.disk1 start
serving || fail "a started export holds no socket"
boot_guest &
guest=$!
wait_until 400 "the guest's load" load_begins
sleep 2
kill_jvm
kill_jvm
upgrade
wait "$guest"
check_steps mtu discover mkfs mount write load compare unmount fsck
service_must vblade stop
[ "$(aoe_sockets)" = 0 ] || fail "a stopped target still holds a socket"
grep -E '^(STEP|RETRANSMITS|GUEST|aoe:)' "$SCRATCH/console"
check_image e1.1
note "ok: killed twice and upgraded once under load"
