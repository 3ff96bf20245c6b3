// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.nio.file.Path;

/**
 * Who wants to use what, and how.
 *
 * @param owner the export's name, for messages
 * @param place where its disk is seen, e1.2: two exports at one place are two paths to one disk
 * @param path the file or block device
 * @param writable it is to be written
 * @param insist a conflict is logged, not refused
 * @param offsetBytes the first byte used
 * @param lengthBytes how many are used; 0 for all that follow
 */
public record ClaimRequest(
        String owner,
        String place,
        Path path,
        boolean writable,
        boolean insist,
        long offsetBytes,
        long lengthBytes) {

    ByteRange range() {
        return new ByteRange(offsetBytes, lengthBytes);
    }

    /** The same use of what lies below, at other bytes. */
    ClaimRequest of(Path below, ByteRange bytes) {
        return new ClaimRequest(
                owner, place, below, writable, insist, bytes.from(), bytes.lengthBytes());
    }

    /** Two paths to one disk: no conflict. */
    boolean sameDisk(ClaimRequest other) {
        return place.equals(other.place) && range().equals(other.range());
    }
}
