// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

/** One ATA command on its way: what was asked, and when. Reused; a struct of {@link Exchange}. */
final class InFlightCommand {
    /** The low bits of every tag it sends. */
    final int index;

    /** The ATA command. */
    int command;

    long lba;
    int sectors;

    /** What the command is a part of; null for the {@link Prober}'s. */
    Transfer transfer;

    /** Where its data lies in the request's buffer. */
    int dataOffset;

    /** It tries this path and no other. */
    boolean pinned;

    /** It is sent once. */
    boolean once;

    /** The way it takes now; null while none has room. */
    ActivePath path;

    boolean busy;

    /** False until a path and a slot were free for it. */
    boolean sent;

    int tag;
    int resends;
    long firstNs;
    long sentNs;
    long deadlineNs;

    InFlightCommand(int index) {
        this.index = index;
    }
}
