// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/**
 * A defect to be found: requests go in turn to one of two stores of one file, neither of which
 * knows what the other is writing.
 */
final class AlternatingStore implements BlockStore {
    private final FileStore first;
    private final FileStore second;
    private boolean turn;

    AlternatingStore(FileStore first, FileStore second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public long sectors() {
        return first.sectors();
    }

    @Override
    public boolean absent() {
        return first.absent();
    }

    @Override
    public StoreTraits traits() {
        return first.traits();
    }

    @Override
    public void submit(StoreRequest request) {
        turn = !turn;
        (turn ? first : second).submit(request);
    }

    @Override
    public void kick() {
        first.kick();
        second.kick();
        first.kick(); // what listeners of the second's submitted
    }

    @Override
    public int poll() {
        return first.poll() + second.poll();
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
