// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.vblade4j.sys.Libc;

/**
 * Sees to it that one disk has one writer: among the exports of this process, against other
 * processes, and against the kernel itself. One for all exports of a process; any thread.
 *
 * <p>Two exports may write to one file when their bytes do not overlap, or when they show the same
 * bytes at the same address: those are two paths to one disk. Exports that only read are let in
 * with a warning.
 *
 * <p>No lock is held while the system is looked at, and no file system but the one that a claimed
 * file lies on is asked, so that one that hangs delays those who use it and nobody else.
 */
public final class DeviceClaims {
    private static final Logger LOG = System.getLogger(DeviceClaims.class.getName());

    private final Map<DeviceId, Device> devices = new ConcurrentHashMap<>();
    private final Scans scans = new Scans();

    /** To be made outside the exports' thread groups. */
    public DeviceClaims() {
        Libc.errno(); // what JNA starts with its first use belongs to the group of who used it
    }

    /**
     * Claims a file or device before it is opened. What cannot be found or looked at is claimed
     * without effect: opening it tells what is wrong.
     *
     * @throws DeviceInUseException when somebody else uses it and the request does not insist
     */
    public Claim claim(ClaimRequest request) throws IOException {
        DeviceId id;
        try {
            id = DeviceId.of(request.path());
        } catch (IOException e) {
            return new Claim(new Device(new DeviceId(false, 0, 0)), request);
        }
        Claim claim = new Claim(device(id), request);
        try {
            Optional<String> conflict = conflict(id, claim);
            if (conflict.isPresent() && request.writable() && !request.insist()) {
                throw new DeviceInUseException(request.path(), conflict.get());
            }
            conflict.ifPresent(holder -> warn(request, holder));
            return claim;
        } catch (IOException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    private Device device(DeviceId id) {
        return devices.computeIfAbsent(id, Device::new);
    }

    private static void warn(ClaimRequest request, String holder) {
        LOG.log(
                Level.WARNING,
                "{0}: {1}: {2}; {3}",
                request.owner(),
                request.path(),
                holder,
                request.writable()
                        ? "exported all the same, as configured: two writers destroy a disk"
                        : "readers of this export may see it half changed");
    }

    private Optional<String> conflict(DeviceId id, Claim claim) throws IOException {
        ClaimRequest request = claim.request();
        Outsiders outsiders = new Outsiders(scans, id, request.path());
        Optional<String> kernel = outsiders.kernelUse(request.range());
        if (!id.block() && request.writable() && device(id).writer().isEmpty()) {
            claim.noteWriters(Lease.ask(request.path()));
        }
        Optional<String> held = device(id).enter(claim).map(holder -> named(id, holder, outsiders));
        Optional<String> conflict = kernel.or(() -> held);
        if (!request.writable() || (conflict.isPresent() && !request.insist())) {
            return conflict;
        }
        claimBelow(id, claim);
        return conflict.or(outsiders::writer).or(() -> unseenWriter(claim));
    }

    private static Optional<String> unseenWriter(Claim claim) {
        return claim.foundWriters()
                ? Optional.of(
                        "open for writing by a process that may not be looked at (fuser -v "
                                + claim.request().path()
                                + " as root names it)")
                : Optional.empty();
    }

    /** Adds to what the kernel said who it is, where that can be found out. */
    private String named(DeviceId id, String holder, Outsiders outsiders) {
        if (holder.startsWith("exported")) {
            return holder;
        }
        Optional<String> ours =
                BlockDevices.related(id).stream()
                        .filter(related -> !related.equals(id) && devices.containsKey(related))
                        .flatMap(related -> writerOf(related).stream())
                        .findFirst();
        return ours.or(() -> outsiders.locker().map(who -> "locked by " + who))
                .or(() -> id.block() ? Optional.empty() : locker(id))
                .orElse(holder);
    }

    private static Optional<String> locker(DeviceId id) {
        return LockTable.holders(id).findFirst().map(who -> "locked by " + who.describe());
    }

    private Optional<String> writerOf(DeviceId related) {
        return devices.get(related)
                .writer()
                .map(what -> BlockDevices.name(related) + " is " + what);
    }

    /** Writing to a loop device is writing to its file. */
    private void claimBelow(DeviceId id, Claim claim) throws IOException {
        Optional<BlockDevices.Loop> loop = id.block() ? BlockDevices.loop(id) : Optional.empty();
        if (loop.isEmpty()) {
            return;
        }
        ByteRange bytes = claim.request().range().within(loop.get().range());
        ClaimRequest below = claim.request().of(loop.get().file(), bytes);
        DeviceId file;
        try {
            file = DeviceId.of(loop.get().file());
        } catch (IOException e) {
            return; // deleted, or not to be seen from here
        }
        Claim backing = new Claim(device(file), below);
        claim.add(backing);
        Optional<String> holder = device(file).enter(backing);
        if (holder.isPresent()) {
            String what = "its backing file " + below.path() + " is " + holder.get();
            if (!below.insist()) {
                throw new DeviceInUseException(claim.request().path(), what);
            }
            warn(claim.request(), what);
        }
    }
}
