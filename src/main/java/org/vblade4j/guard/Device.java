// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/**
 * One file or block device and this process' claims on it. Those who write keep others off: by a
 * lock on the bytes they use, and a block device also by holding it exclusively (O_EXCL), which
 * excludes mounts, swap, RAID and the like, and the same for its partitions.
 */
final class Device {
    private final DeviceId id;
    private final List<Claim> claims = new CopyOnWriteArrayList<>();

    /** The block device held exclusively, as long as anybody here writes to it. */
    private FileLock exclusive;

    Device(DeviceId id) {
        this.id = id;
    }

    /** Enters a claim and takes the locks; who is in the way, if somebody is. */
    synchronized Optional<String> enter(Claim claim) {
        Optional<Claim> sharer =
                writers().filter(other -> other.request().sameDisk(claim.request())).findFirst();
        Optional<String> rival = writerOver(claim.request()).map(Device::describe);
        claims.add(claim);
        if (rival.isPresent() || !claim.request().writable()) {
            return rival;
        }
        if (sharer.isPresent()) {
            claim.held().addAll(sharer.get().held());
            return Optional.empty();
        }
        Optional<String> holder = id.block() ? hold(claim) : Optional.empty();
        return holder.or(() -> lock(claim));
    }

    private Stream<Claim> writers() {
        return claims.stream().filter(other -> other.request().writable());
    }

    /** The claim that writes to some of the same bytes for another disk. */
    private Optional<Claim> writerOver(ClaimRequest request) {
        return writers()
                .filter(other -> !other.request().sameDisk(request))
                .filter(other -> other.request().range().overlaps(request.range()))
                .findFirst();
    }

    /** What of this process writes to the device. */
    Optional<String> writer() {
        return writers().findFirst().map(Device::describe);
    }

    private static String describe(Claim claim) {
        return "exported read-write as '"
                + claim.request().owner()
                + "' ("
                + claim.request().place()
                + ")";
    }

    private Optional<String> hold(Claim claim) {
        if (exclusive != null) {
            return Optional.empty();
        }
        exclusive = FileLock.open(claim.request().path(), Linux.O_EXCL);
        return exclusive == null && Libc.errno() == Errno.EBUSY && !otherWindow(claim)
                ? Optional.of("in exclusive use: mounted, or held by another program")
                : Optional.empty();
    }

    /** Another process of ours may hold the device for other bytes of it; its lock tells. */
    private static boolean otherWindow(Claim claim) {
        FileLock file = FileLock.open(claim.request().path(), 0);
        if (file == null) {
            return false;
        }
        boolean locked = file.anyLockElsewhere();
        file.close();
        return locked;
    }

    /** A file that cannot be opened is no conflict: opening the store tells what is wrong. */
    private Optional<String> lock(Claim claim) {
        ClaimRequest request = claim.request();
        FileLock file = FileLock.open(request.path(), 0);
        if (file == null) {
            return Optional.empty();
        }
        FileLock.Outcome outcome = file.lock(request.range());
        if (outcome == FileLock.Outcome.HELD_BY_ANOTHER) {
            file.close();
            return lockBesideReaders(claim);
        }
        claim.held().add(file);
        if (outcome == FileLock.Outcome.UNSUPPORTED) {
            warn(
                    request,
                    " cannot be locked here: another host or process that writes to it is not kept"
                            + " off");
        }
        return Optional.empty();
    }

    private Optional<String> lockBesideReaders(Claim claim) {
        ClaimRequest request = claim.request();
        FileLock shared = id.block() ? null : ReadersLock.take(request, id);
        if (shared == null) {
            return Optional.of("locked by another process (fuser -v as root names it)");
        }
        claim.held().add(shared);
        warn(
                request,
                " is locked for reading by others, who cannot write to it: served all the same");
        return Optional.empty();
    }

    private static void warn(ClaimRequest request, String what) {
        System.getLogger(Device.class.getName())
                .log(System.Logger.Level.WARNING, request.owner() + ": " + request.path() + what);
    }

    /** Gives up what no other claim shares. */
    synchronized void release(Claim claim) {
        if (!claims.remove(claim)) {
            return;
        }
        for (FileLock lock : claim.held()) {
            if (claims.stream().noneMatch(other -> other.held().contains(lock))) {
                lock.close();
            }
        }
        if (exclusive != null && writers().findAny().isEmpty()) {
            exclusive.close();
            exclusive = null;
        }
    }
}
