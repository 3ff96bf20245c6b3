// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.guard.Claim;
import org.vblade4j.guard.DeviceClaims;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/**
 * What an export serves, over all the times that it is lost and found again. While it is away
 * {@link #store} is a stand-in. On the export's own thread only.
 *
 * <p>A lost device is closed, so that the system can forget it, and opened again by its path when
 * it is there and the same. Another device in its place is never served: it could be written to.
 */
final class Backend implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Backend.class.getName());

    private final ExportSpec spec;
    private final StoreOpener opener;
    private final DeviceClaims claims;
    private Claim claim;
    private BlockStore store;
    private DeviceIdentity identity;
    private long knownSectors;
    private boolean away;
    private boolean emptied;
    private boolean closed;
    private long lostNs;
    private String reason = "";

    private Backend(ExportSpec spec, StoreOpener opener, DeviceClaims claims) {
        this.spec = spec;
        this.opener = opener;
        this.claims = claims;
    }

    /**
     * Claims the device and opens it.
     *
     * @throws IOException also when somebody else uses it
     */
    static Backend open(ExportSpec spec, StoreOpener opener, DeviceClaims claims)
            throws IOException {
        Backend backend = new Backend(spec, opener, claims);
        backend.take(backend.claimAndOpen());
        return backend;
    }

    private BlockStore claimAndOpen() throws IOException {
        Claim claimed = claims.claim(Claims.request(spec));
        try {
            BlockStore opened = opener.open(spec);
            claim = claimed;
            return opened;
        } catch (IOException | RuntimeException e) {
            claimed.close();
            throw e;
        }
    }

    private void take(BlockStore opened) {
        store = opened;
        knownSectors = opened.sectors();
        identity = DeviceIdentity.of(spec.device(), knownSectors);
        away = false;
        emptied = false;
        reason = "";
    }

    BlockStore store() {
        return store;
    }

    boolean away() {
        return away;
    }

    /** Since when it is away, by {@link System#nanoTime}. */
    long lostNs() {
        return lostNs;
    }

    /** Why it is away, for the operator; empty while it is there. */
    String reason() {
        return reason;
    }

    /** There is nothing behind the device any more, as the last look at its size has shown. */
    boolean emptied() {
        return emptied;
    }

    /** The size last seen, for the stand-in and the log. */
    void noteSize() {
        long now = store.sectors();
        emptied = !away && store.absent();
        if (!away && now != knownSectors) {
            LOG.log(
                    Level.INFO,
                    "{0}: size changed from {1} to {2} sectors; a host that has it open sees that"
                            + " after aoe-revalidate",
                    spec.name(),
                    Long.toString(knownSectors),
                    Long.toString(now));
            knownSectors = now;
        }
    }

    /** The store is away; it has no request in progress. */
    void lose() {
        reason = "device " + spec.device();
        LOG.log(Level.WARNING, "{0}: waiting for {1}, which is away", spec.name(), reason);
        BlockStore lost = store;
        store = new AwayStore(knownSectors, lost.traits());
        away = true;
        lostNs = System.nanoTime();
        try {
            lost.close();
            claim.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: closing a lost device: {1}", spec.name(), e.toString());
        }
    }

    /** Looks for the lost device, to be called from time to time; {@link #away} tells. */
    void tryToRegain() {
        try {
            BlockStore opened = claimAndOpen();
            DeviceIdentity found = DeviceIdentity.of(spec.device(), opened.sectors());
            if (identity.maybeSameAs(found)) {
                take(opened);
                LOG.log(Level.INFO, "{0}: the device {1} is back", spec.name(), spec.device());
            } else {
                opened.close();
                claim.close();
                say(spec.device() + " is another device than before; restart to serve it");
            }
        } catch (IOException e) {
            say(e.getMessage());
        }
    }

    private void say(String newer) {
        if (!newer.equals(reason)) {
            LOG.log(Level.WARNING, "{0}: {1}", spec.name(), newer);
            reason = newer;
        }
    }

    /**
     * Has everything put on the medium, for however long that takes.
     *
     * @throws IOException the store failed to do so
     */
    void flush(LongWait waits) throws IOException {
        if (away || store.traits().readOnly()) {
            return;
        }
        boolean[] flushed = {false};
        StoreRequest request = new StoreRequest(done -> flushed[0] = true);
        store.submit(request.flush());
        waits.until(
                () -> {
                    store.kick();
                    store.poll();
                    return flushed[0];
                },
                () -> "the flush of " + spec.device());
        if (request.status() != StoreStatus.OK) {
            throw new IOException("flush of the store failed: " + request.status());
        }
    }

    /**
     * Returns when the kernel has nothing in progress on the device, for however long that takes:
     * it needs the memory of requests until then, and nobody else may be let to the device. A
     * second call is harmless.
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        store.close();
        claim.close();
    }
}
