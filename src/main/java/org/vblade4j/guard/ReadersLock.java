// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

/**
 * A lock for a file that others have locked for reading. Everybody who may read a file can do so,
 * and it must not keep its disk from being served; but QEMU, which writes, has such locks too. So a
 * lock that can be had beside theirs is taken, and keeps exclusive ones off, if no other target and
 * no writer is there.
 *
 * <p>Two targets that do this at once see each other: each takes a lock of its process first, which
 * {@link LockTable} names, and has the file open for writing before it gives that up, which {@link
 * Lease} tells.
 */
final class ReadersLock {
    private ReadersLock() {}

    /** Null when somebody else may write to the file, or that cannot be told. */
    static FileLock take(ClaimRequest request, DeviceId id) {
        FileLock reader = FileLock.openToRead(request.path());
        if (reader == null) {
            return null;
        }
        ByteRange bytes = request.range();
        boolean alone =
                reader.lockShared(bytes) == FileLock.Outcome.LOCKED
                        && reader.lockSharedAsProcess(bytes) == FileLock.Outcome.LOCKED
                        && LockTable.holders(id).noneMatch(LockTable.Holder::mayBeTarget)
                        && Lease.ask(reader) == Lease.NOBODY_WRITES;
        FileLock writer = alone ? FileLock.open(request.path(), 0) : null;
        if (writer != null && writer.lockShared(bytes) != FileLock.Outcome.LOCKED) {
            writer.close();
            writer = null;
        }
        reader.close();
        return writer;
    }
}
