// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import org.vblade4j.sys.Libc;

/**
 * Lets every read be answered in place, and copies the data itself: what a port does, for tests.
 */
final class InPlace implements BlockStore {
    final BlockStore next;
    int inPlace;

    InPlace(BlockStore next) {
        this.next = next;
    }

    @Override
    public void submit(StoreRequest request) {
        if (request.op() != StoreRequest.Op.READ) {
            next.submit(request);
            return;
        }
        StoreRequest inner = new StoreRequest(done -> finished(request, done));
        inner.read(request.lba(), request.sectors(), request.buffer(), request.offset());
        inner.allowInPlace();
        next.submit(inner);
    }

    private void finished(StoreRequest request, StoreRequest done) {
        if (done.address() != 0 && next.inPlaceValid()) {
            inPlace++;
            int bytes = request.bytes();
            request.buffer().put(request.offset(), Libc.wrap(done.address(), bytes), 0, bytes);
        } else if (done.address() != 0) {
            next.submit(request);
            return;
        }
        request.complete(done.status());
    }

    @Override
    public long sectors() {
        return next.sectors();
    }

    @Override
    public StoreTraits traits() {
        return next.traits();
    }

    @Override
    public void kick() {
        next.kick();
    }

    @Override
    public int poll() {
        return next.poll();
    }

    @Override
    public void close() throws IOException {
        next.close();
    }
}
