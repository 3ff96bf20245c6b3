// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.Closeable;

/** Where data comes from. One thread; bytes are counted from where the copy begins. */
public interface Source extends Closeable {
    /** For messages: {@code e1.1}, a path. */
    String name();

    /** How many bytes there are, or -1 when only the end will tell. */
    long bytes();

    /** True when it fills {@link Chunk#memory}, wherever that is, instead of the chunk's buffer. */
    default boolean scatters() {
        return false;
    }

    /**
     * Fills the chunk, now or in a later {@link #poll}, and says so with {@link Chunk#filled},
     * {@link Chunk#filledWithHole} or {@link Chunk#failed}. Asked for in order of position.
     */
    void read(Chunk chunk);

    /**
     * How many of the bytes from here on are either all a hole or all none, at least a sector and
     * at most so many: for a sink that writes no holes.
     */
    default int alike(long position, int bytes) {
        return bytes;
    }

    /** Any thread: nothing more will be asked for; a {@link #read} that blocks may end now. */
    default void cancel() {}

    /** Ends what has finished since; returns how many. */
    default int poll() {
        return 0;
    }
}
