// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.vblade4j.store.BlockStore;

/**
 * Commands of all connections on their way through the one store, on its thread. Those that touch
 * the same sectors run in the order they came in, unless all of them only read; all others run
 * together. What a command costs grows with the number of those in the queue, whatever they are.
 */
final class CommandQueue {
    static final int ZEROS_BYTES = 1 << 18;

    private final BlockStore store;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    private final List<Command> active = new ArrayList<>();
    private final ArrayDeque<Command> ready = new ArrayDeque<>();
    private boolean starting;

    CommandQueue(BlockStore store) {
        this.store = store;
    }

    BlockStore store() {
        return store;
    }

    /** For writing from, never to. */
    ByteBuffer zeros() {
        return zeros;
    }

    void add(Command command) {
        for (Command earlier : active) {
            command.blockers += conflict(earlier, command) ? 1 : 0;
        }
        active.add(command);
        if (command.blockers == 0) {
            command.start(this);
        }
    }

    /** The command's last step is done. */
    void finished(Command command) {
        int at = active.indexOf(command);
        active.remove(at);
        command.connection.carriedOut(command);
        for (int i = at; i < active.size(); i++) {
            Command later = active.get(i);
            if (later.blockers > 0 && conflict(command, later) && --later.blockers == 0) {
                ready.add(later);
            }
        }
        startReady();
    }

    /** A loop and no recursion: a command may end as soon as it is started. */
    private void startReady() {
        if (starting) {
            return;
        }
        starting = true;
        for (Command next = ready.poll(); next != null; next = ready.poll()) {
            next.start(this);
        }
        starting = false;
    }

    private static boolean conflict(Command earlier, Command later) {
        return earlier.type != Nbd.CMD_FLUSH
                && later.type != Nbd.CMD_FLUSH
                && (later.changes() || earlier.changes())
                && earlier.firstLba() < later.endLba()
                && later.firstLba() < earlier.endLba();
    }
}
