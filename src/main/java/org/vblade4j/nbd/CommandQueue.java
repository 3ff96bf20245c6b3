// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.vblade4j.store.BlockStore;

/**
 * Commands of all connections on their way through the one store, on its thread. Those that touch
 * the same sectors run in the order they came in, unless all of them only read; all others run
 * together.
 */
final class CommandQueue {
    private static final int ZEROS_BYTES = 1 << 18;

    private final BlockStore store;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    private final List<Command> active = new ArrayList<>();
    private int blocked;
    private boolean starting;
    private boolean changed;

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
        active.add(command);
        if (isBlocked(active.size() - 1)) {
            blocked++;
        } else {
            command.start(this);
        }
    }

    /** The command's last step is done. */
    void finished(Command command) {
        active.remove(command);
        changed = true;
        command.connection.reply(command);
        if (blocked > 0 && !starting) {
            starting = true;
            startReady();
            starting = false;
        }
    }

    /** Begins anew whenever a command that was started ended at once. */
    private void startReady() {
        int i = 0;
        while (blocked > 0 && i < active.size()) {
            Command command = active.get(i);
            changed = false;
            if (command.waits && !isBlocked(i)) {
                blocked--;
                command.start(this);
            }
            i = changed ? 0 : i + 1;
        }
    }

    private boolean isBlocked(int index) {
        Command command = active.get(index);
        if (command.type == Nbd.CMD_FLUSH) {
            return false;
        }
        for (int i = 0; i < index; i++) {
            Command earlier = active.get(i);
            if (earlier.type != Nbd.CMD_FLUSH
                    && (command.changes() || earlier.changes())
                    && earlier.firstLba() < command.endLba()
                    && command.firstLba() < earlier.endLba()) {
                return true;
            }
        }
        return false;
    }
}
