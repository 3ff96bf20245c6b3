// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import org.vblade4j.sys.Libc;

/**
 * Lets every read be answered in place, and copies the data itself: what a port does, for tests.
 */
final class InPlace extends FilterStore {
    private final ReadLease lease = new ReadLease();
    int inPlace;

    InPlace(BlockStore next) {
        super(next);
    }

    @Override
    public void submit(StoreRequest request) {
        if (request.op() != StoreRequest.Op.READ) {
            next.submit(request);
            return;
        }
        StoreRequest inner = new StoreRequest(done -> finished(request, done));
        inner.read(request.lba(), request.sectors(), request.buffer(), request.offset());
        inner.allowInPlace(lease);
        next.submit(inner);
    }

    private void finished(StoreRequest request, StoreRequest done) {
        boolean valid = lease.valid();
        if (done.address() != 0 && valid) {
            inPlace++;
            int bytes = request.bytes();
            request.buffer().put(request.offset(), Libc.wrap(done.address(), bytes), 0, bytes);
        }
        lease.end();
        if (done.address() != 0 && !valid) {
            next.submit(request);
            return;
        }
        request.complete(done.status());
    }
}
