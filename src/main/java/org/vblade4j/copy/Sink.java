// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/** Where data goes. One thread; bytes are counted from where the copy begins. */
public interface Sink extends Closeable {
    /** For messages: {@code e1.1}, a path. */
    String name();

    /** True when chunks must come in order of position, one after the other. */
    default boolean inOrder() {
        return false;
    }

    /** True when what is a hole in the source shall be left as it is, to the sector. */
    default boolean skipsHoles() {
        return false;
    }

    /** True when it takes data from wherever they lie, without looking at them. */
    default boolean gathers() {
        return false;
    }

    /**
     * Before the chunk is read by a source that scatters: may have its data {@linkplain Chunk#place
     * placed} where they are to be stored.
     */
    default void place(Chunk chunk) {}

    /**
     * Stores the chunk, now or in a later {@link #poll}, and says so with {@link Chunk#stored} or
     * {@link Chunk#failed}.
     */
    void write(Chunk chunk);

    /**
     * Makes durable what was stored; now or in a later {@link #poll} tells {@code done} null, or
     * why it failed.
     */
    void flush(Consumer<String> done);

    /** Ends what has finished since; returns how many. */
    default int poll() {
        return 0;
    }

    /**
     * Nothing more will come: the first {@code bytes} are complete, what lies behind is of no
     * meaning. Before the last {@link #flush}.
     *
     * @throws IOException the end could not be made so
     */
    default void end(long bytes) throws IOException {}
}
