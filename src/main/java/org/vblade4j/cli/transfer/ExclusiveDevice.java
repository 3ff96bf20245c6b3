// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.IOException;
import java.nio.file.Path;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/**
 * A block device that nobody else uses in earnest meanwhile: Linux grants O_EXCL on one (open(2))
 * only when it is not mounted, nor part of a RAID, nor held by another with O_EXCL.
 */
final class ExclusiveDevice implements AutoCloseable {
    private final int fd;

    private ExclusiveDevice(int fd) {
        this.fd = fd;
    }

    static ExclusiveDevice open(Path path) throws IOException {
        int flags = Linux.O_RDWR | Linux.O_EXCL | Linux.O_CLOEXEC;
        int fd = Libc.open(Libc.cString(path.toString()), flags, 0);
        if (fd < 0) {
            int errno = Libc.errno();
            String hint = errno == Errno.EBUSY ? ": it is mounted or otherwise in use" : "";
            throw new IOException(path + ": " + Errno.text(errno) + hint);
        }
        return new ExclusiveDevice(fd);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
