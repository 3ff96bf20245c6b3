// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/**
 * Memory of a store's that is lent to whoever reads it: a store may end a read with the address of
 * its data, in the mapped page cache, instead of copying. The counterpart of {@link DataLease}.
 *
 * <p>The reader has one for all its requests and gives it to {@link StoreRequest#allowInPlace}.
 * From the first such answer on ({@link StoreRequest#completeInPlace}) the memory stays where it
 * is, until the reader calls {@link #end}:
 *
 * <ol>
 *   <li>It asks {@link #valid} just before it uses the addresses. If not, the requests must be
 *       submitted again.
 *   <li>It has the kernel read there. A Java access could fault. What the kernel cannot read it
 *       reports by {@link #failed}.
 *   <li>It calls {@link #end}, and only then submits anything again.
 * </ol>
 *
 * One thread, that of the store.
 */
public final class ReadLease {
    /** The store whose memory it is. There is at most one in a chain. */
    public interface Lender {
        /** From now on the memory stays where it is. */
        void lent();

        /** Whether the addresses still show what reading would. */
        boolean stillValid();

        /** The kernel could not read at one of the addresses. */
        void unreadable();

        /** No address is used any more. */
        void returned();
    }

    private Lender lender;

    /** For {@link StoreRequest}. */
    void begin(Lender by) {
        if (lender == null) {
            lender = by;
            by.lent();
        } else if (lender != by) {
            throw new IllegalStateException("lent by another store");
        }
    }

    /** Whether the addresses still show what reading would; also when none was given. */
    public boolean valid() {
        return lender == null || lender.stillValid();
    }

    /** An address could not be read. */
    public void failed() {
        if (lender != null) {
            lender.unreadable();
        }
    }

    /** Harmless when nothing is lent. */
    public void end() {
        Lender by = lender;
        lender = null;
        if (by != null) {
            by.returned();
        }
    }
}
