// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

/**
 * An operation under one tag of one host. It may be sent more than once; an answer does not tell
 * which of the copies it is for. Moments are nanoseconds, see {@link Torture}.
 */
final class Request {
    final Operation operation;
    final Host host;
    final int tag;

    /** Of the first and of the latest time that it was sent. */
    long firstSent = WriteCopy.NEVER;

    long lastSent;
    int copies;
    int answers;

    /** When the first answer came, and what it said. */
    long answered = WriteCopy.NEVER;

    boolean failed;

    /** The first copy of a write. */
    WriteCopy firstCopy;

    /** Its place in the order of first sending. */
    long number;

    /** Too old: whatever comes for it now is not looked at. */
    boolean forgotten;

    Request(Operation operation, Host host, int tag) {
        this.operation = operation;
        this.host = host;
        this.tag = tag;
    }

    /** Nothing more is to be expected. */
    boolean over() {
        return forgotten || answers >= copies;
    }
}
