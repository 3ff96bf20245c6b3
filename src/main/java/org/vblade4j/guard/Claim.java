// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.util.ArrayList;
import java.util.List;

/** One export's use of a file or device; ends with {@link #close}. Any thread. */
public final class Claim implements AutoCloseable {
    private final Device device;
    private final ClaimRequest request;
    private final List<FileLock> held = new ArrayList<>();
    private Claim below;
    private Lease writers = Lease.UNKNOWN;

    Claim(Device device, ClaimRequest request) {
        this.device = device;
        this.request = request;
    }

    ClaimRequest request() {
        return request;
    }

    /** What keeps others off for as long as this lives. */
    List<FileLock> held() {
        return held;
    }

    /** Who wrote to it before this claim's own lock was taken. */
    void noteWriters(Lease answer) {
        writers = answer;
    }

    /** Somebody had it open for writing, perhaps one whose descriptors may not be seen. */
    boolean foundWriters() {
        return writers == Lease.SOMEBODY_WRITES;
    }

    /** The claim on the file that the device is made of. */
    void add(Claim backing) {
        below = backing;
    }

    /** A second call is harmless. */
    @Override
    public void close() {
        device.release(this);
        if (below != null) {
            below.close();
        }
    }
}
