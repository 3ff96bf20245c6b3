// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** Takes capabilities from the calling thread, see capabilities(7): Linux keeps them by thread. */
public final class Capabilities {
    public static final int CAP_NET_RAW = 13;
    public static final int CAP_SYS_PTRACE = 19;

    private static final int LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    static {
        Native.register(Capabilities.class, NativeLibrary.getProcess());
    }

    private Capabilities() {}

    // int capget(cap_user_header_t hdrp, cap_user_data_t datap)
    private static native int capget(Pointer hdrp, Pointer datap);

    // int capset(cap_user_header_t hdrp, const cap_user_data_t datap)
    private static native int capset(Pointer hdrp, Pointer datap);

    /** Out of the effective set of this thread, for good. */
    public static void drop(int capability) {
        try (Memory header = new Memory(8);
                Memory data = new Memory(24)) {
            header.setInt(0, LINUX_CAPABILITY_VERSION_3);
            header.setInt(4, 0);
            check(capget(header, data), "capget");
            data.setInt(0, data.getInt(0) & ~(1 << capability));
            check(capset(header, data), "capset");
        }
    }

    private static void check(int result, String call) {
        if (result != 0) {
            throw new IllegalStateException(call + ": errno " + Native.getLastError());
        }
    }
}
