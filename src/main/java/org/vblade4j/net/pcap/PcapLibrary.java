// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.pcap;

import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.vblade4j.net.PortException;

/** Where pcap4j's and the linker's exceptions become ours. */
final class PcapLibrary {
    /** Without a meaning for reads that do not block, but 0 is not portable. */
    private static final int READ_TIMEOUT_MS = 1;

    private PcapLibrary() {}

    /** Something that calls libpcap. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws PcapNativeException, NotOpenException;
    }

    /**
     * @param what the interface or file, for the message
     * @throws PortException libpcap is not installed, or says no
     */
    static <T> T call(String what, Call<T> call) throws PortException {
        try {
            return call.run();
        } catch (PcapNativeException | NotOpenException e) {
            throw new PortException(what + ": libpcap: " + e.getMessage(), e);
        } catch (LinkageError e) { // also what its static initializer ended with, at any later call
            throw new PortException(
                    what + ": libpcap cannot be loaded; is it installed (libpcap0.8, libpcap)?", e);
        }
    }

    /** A handle on an interface, not promiscuous, that hands over each frame as it comes. */
    static PcapHandle.Builder live(String interfaceName, int frameBytes) {
        return new PcapHandle.Builder(interfaceName)
                .snaplen(frameBytes)
                .immediateMode(true)
                .timeoutMillis(READ_TIMEOUT_MS);
    }
}
