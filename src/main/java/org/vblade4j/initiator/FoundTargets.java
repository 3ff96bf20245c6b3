// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vblade4j.wire.AoeAddress;

/**
 * Who has answered, once each. What any station can send is kept up to a limit and counted beyond:
 * a station may answer for as many targets as it likes, and in the name of others.
 */
final class FoundTargets {
    static final int MAX_TARGETS = 16_384;

    /** Stations that are believed to answer for one address. */
    static final int MAX_OF_ONE_ADDRESS = 32;

    /** Of config strings, in all. */
    static final int MAX_STRING_BYTES = 4 << 20;

    private static final Comparator<FoundTarget> ORDER =
            Comparator.comparing(FoundTarget::address).thenComparing(FoundTarget::mac);

    private final Map<AoeAddress, List<FoundTarget>> byAddress = new HashMap<>();
    private int count;
    private long stringBytes;
    private long leftOut;

    /** A later answer takes the place of an earlier one. */
    void add(FoundTarget target) {
        List<FoundTarget> there = byAddress.get(target.address());
        int at = there == null ? -1 : indexOf(there, target.mac());
        long before = at < 0 ? 0 : there.get(at).configString().length();
        long bytes = stringBytes - before + target.configString().length();
        boolean crowded = there != null && there.size() >= MAX_OF_ONE_ADDRESS;
        if (bytes > MAX_STRING_BYTES || (at < 0 && (count >= MAX_TARGETS || crowded))) {
            leftOut++;
            return;
        }
        stringBytes = bytes;
        if (at >= 0) {
            there.set(at, target);
            return;
        }
        count++;
        byAddress.computeIfAbsent(target.address(), any -> new ArrayList<>(1)).add(target);
    }

    private static int indexOf(List<FoundTarget> there, long mac) {
        for (int i = 0; i < there.size(); i++) {
            if (there.get(i).mac() == mac) {
                return i;
            }
        }
        return -1;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Answers for which there was no room; a target may have given several. */
    long leftOut() {
        return leftOut;
    }

    /** By address and then by hardware address. */
    List<FoundTarget> sorted() {
        List<FoundTarget> all = new ArrayList<>(count);
        byAddress.values().forEach(all::addAll);
        all.sort(ORDER);
        return all;
    }
}
