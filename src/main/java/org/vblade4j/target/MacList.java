// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

/** Hardware addresses in the order they came, in an array of fixed size. Worker thread only. */
final class MacList {
    private final long[] macs;
    private int size;

    MacList(int capacity) {
        macs = new long[capacity];
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
        return indexOf(mac) >= 0;
    }

    /** Appends; the caller has checked that there is room. */
    void append(long mac) {
        macs[size++] = mac;
    }

    /** Does nothing when the address is not there. */
    void remove(long mac) {
        int index = indexOf(mac);
        if (index >= 0) {
            size--;
            System.arraycopy(macs, index + 1, macs, index, size - index);
        }
    }

    void clear() {
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
