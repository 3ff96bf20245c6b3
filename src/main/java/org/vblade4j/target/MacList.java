// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

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
        members = new MacTable(capacity);
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

    /** Does nothing when the address is not there. */
    void remove(long mac) {
        int index = indexOf(mac);
        if (index >= 0) {
            size--;
            members.remove(mac);
            System.arraycopy(macs, index + 1, macs, index, size - index);
        }
    }

    void clear() {
        members.clear();
        size = 0;
    }

    private int indexOf(long mac) {
        for (int i = 0; i < size; i++) {
            if (macs[i] == mac) {
                return i;
            }
        }
        return -1;
    }
}
