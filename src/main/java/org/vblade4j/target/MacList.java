// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.Arrays;
import java.util.List;

/**
 * Hardware addresses in the order they came, in an array of fixed size, and a table to find them in
 * constant time. Worker thread only.
 */
final class MacList {
    private final long[] macs;
    private final MacTable members;
    private int size;

    MacList(int capacity) {
        macs = new long[capacity];
        members = new MacTable();
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long mac(int index) {
        return macs[index];
    }

    boolean contains(long mac) {
        return members.get(mac) != MacTable.ABSENT;
    }

    /** Appends; the caller has checked that there is room. */
    void append(long mac) {
        members.put(mac, size);
        macs[size++] = mac;
    }

    /** Replaces all; the caller has checked that they fit. */
    void set(List<Long> newer) {
        members.clear();
        size = 0;
        newer.forEach(this::append);
    }

    List<Long> toList() {
        return Arrays.stream(macs, 0, size).boxed().toList();
    }
}
