// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/**
 * Memory that is lent for a moment, as a received frame is until its batch ends. It counts the
 * writes whose data still lies there, so that the memory is not given back under one of them.
 *
 * <p>The lender is who owns the memory (a target owns the frames of a batch). The life of a write's
 * data in lent memory:
 *
 * <ol>
 *   <li>The lender fills in a write and calls {@link StoreRequest#lend}. It may do so only if the
 *       store {@linkplain StoreTraits#takesDataByKick takes data by the kick}; else it copies.
 *   <li>It ends in one of three ways. The store completes the request. The store calls {@link
 *       StoreRequest#dataTaken}, when it has the data and completes later. Or the lender, while it
 *       has not submitted the request, moves the data by {@link StoreRequest#keepData}.
 *   <li>The lender calls {@link BlockStore#kick}, moves the data of what it has not submitted, and
 *       calls {@link #end}. Only then may it give the memory back.
 * </ol>
 *
 * <p>A store that breaks its promise makes {@link #end} throw. The memory is then never given back
 * to be filled anew, so that no sector can get what nobody wrote to it. One thread's.
 */
public final class DataLease {
    private int holders;

    void add() {
        holders++;
    }

    void remove() {
        holders--;
    }

    /** How many writes still have their data in the lent memory. */
    public int holders() {
        return holders;
    }

    /**
     * To be called right before the memory is given back.
     *
     * @throws IllegalStateException a write's data still lies there
     */
    public void end() {
        if (holders != 0) {
            throw new IllegalStateException(
                    holders + " writes still need memory that was lent until the store was kicked");
        }
    }
}
