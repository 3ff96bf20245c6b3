// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * A {@link VolatileDisk} as a file of the real kernel, by way of FUSE: whatever way a store writes
 * (write, O_DSYNC, O_DIRECT, io_uring), the disk sees the kernel's writes and syncs as a medium
 * would. To be mounted inside a mount namespace of one's own, as {@link
 * org.vblade4j.testing.PrivateNetwork} has, whose end is the mount's end too.
 *
 * <p>The protocol is that of linux/fuse.h: a header of 40 bytes, the operation's own structure, and
 * answers with a header of 16.
 */
public final class FuseFile implements AutoCloseable {
    private static final int HEADER = 40;
    private static final int ANSWER = 16;
    private static final int MAX_WRITE = 1 << 17;
    private static final long FILE = 2;
    private static final int FLAG_OFFSET = 32;

    private final VolatileDisk disk;
    private final Path path;
    private final int fd;
    private final NativeMemory memory;
    private final ByteBuffer in;
    private final ByteBuffer out;
    private final Thread thread;

    private FuseFile(VolatileDisk disk, Path directory, int fd) throws OsException {
        this.disk = disk;
        this.fd = fd;
        path = directory.resolve("disk");
        memory = NativeMemory.allocate(2L * (MAX_WRITE + 8192));
        ByteBuffer all = memory.buffer().duplicate();
        in = all.slice(0, MAX_WRITE + 8192).order(ByteOrder.nativeOrder());
        out = all.slice(MAX_WRITE + 8192, MAX_WRITE + 8192).order(ByteOrder.nativeOrder());
        thread = new Thread(this::serve, "fuse");
        thread.setDaemon(true);
    }

    /** Mounts the disk below an empty directory. */
    public static FuseFile mount(VolatileDisk disk, Path directory) throws IOException {
        int fd = Libc.open(Libc.cString("/dev/fuse"), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
        if (fd < 0) {
            throw OsException.last("open(/dev/fuse)");
        }
        FuseFile file = new FuseFile(disk, directory, fd);
        byte[] type = Libc.cString("fuse");
        String options = "fd=" + fd + ",rootmode=40000,user_id=0,group_id=0,allow_other";
        byte[] target = Libc.cString(directory.toString());
        NativeMemory text = NativeMemory.allocate(4096);
        text.buffer().put(0, Libc.cString(options));
        if (Libc.mount(type, target, type, 0, text.address()) != 0) {
            throw OsException.last("mount(fuse)");
        }
        text.close();
        file.thread.start();
        if (Files.size(file.path) != disk.bytes()) {
            throw new IOException("the mounted disk does not have its size");
        }
        return file;
    }

    public Path path() {
        return path;
    }

    private void serve() {
        while (true) {
            long got = Libc.read(fd, memory.address(), MAX_WRITE + 8192L);
            if (got >= HEADER) {
                answer(in.getInt(4), in.getLong(8));
            } else if (Libc.errno() != Errno.EINTR && Libc.errno() != 2) { // ENOENT: interrupted
                return;
            }
        }
    }

    private void answer(int operation, long unique) {
        int bytes =
                switch (operation) {
                    case 26 -> initialize();
                    case 1 -> lookUp();
                    case 3, 4 -> attributes();
                    case 14, 27 -> opened();
                    case 15 -> read();
                    case 16 -> written();
                    case 20 -> synced();
                    case 17 -> zeros(80);
                    case 18, 25, 29, 34, 38 -> 0;
                    default -> -38; // ENOSYS
                };
        boolean silent = operation == 2 || operation == 42 || operation == 36;
        if (!silent) {
            int length = ANSWER + Math.max(0, bytes);
            out.putInt(0, length).putInt(4, Math.min(0, bytes)).putLong(8, unique);
            Libc.write(fd, memory.address() + MAX_WRITE + 8192L, length);
        }
    }

    private int zeros(int bytes) {
        out.put(ANSWER, new byte[bytes]);
        return bytes;
    }

    private int initialize() {
        zeros(64);
        out.putInt(ANSWER, 7).putInt(ANSWER + 4, 31).putInt(ANSWER + 8, in.getInt(HEADER + 8));
        out.putInt(ANSWER + 12, FLAG_OFFSET & in.getInt(HEADER + 12)); // FUSE_BIG_WRITES
        out.putShort(ANSWER + 16, (short) 16).putShort(ANSWER + 18, (short) 12);
        out.putInt(ANSWER + 20, MAX_WRITE).putInt(ANSWER + 24, 1);
        return 64;
    }

    private int lookUp() {
        if (in.get(HEADER) != 'd') {
            return -2; // ENOENT
        }
        zeros(40);
        out.putLong(ANSWER, FILE).putLong(ANSWER + 16, 3600).putLong(ANSWER + 24, 3600);
        return 40 + putAttributes(ANSWER + 40, FILE);
    }

    private int attributes() {
        zeros(16);
        out.putLong(ANSWER, 3600);
        return 16 + putAttributes(ANSWER + 16, in.getLong(16));
    }

    private int putAttributes(int at, long node) {
        out.put(at, new byte[88]);
        out.putLong(at, node).putLong(at + 8, node == FILE ? disk.bytes() : 0);
        out.putInt(at + 60, node == FILE ? 0x8000 | 0600 : 0x4000 | 0700);
        out.putInt(at + 64, 1).putInt(at + 80, 4096);
        return 88;
    }

    private int opened() {
        zeros(16);
        out.putLong(ANSWER, 1);
        return 16;
    }

    private int read() {
        int from = (int) in.getLong(HEADER + 8);
        if (disk.isBroken(from, in.getInt(HEADER + 16))) {
            return -Errno.EIO;
        }
        byte[] data = disk.read(from, in.getInt(HEADER + 16));
        out.put(ANSWER, data);
        return data.length;
    }

    private int written() {
        byte[] data = new byte[in.getInt(HEADER + 16)];
        int to = (int) in.getLong(HEADER + 8);
        if (disk.isBroken(to, data.length)) {
            return -Errno.EIO;
        }
        in.get(HEADER + 40, data);
        disk.write(to, data);
        zeros(8);
        out.putInt(ANSWER, data.length);
        return 8;
    }

    private int synced() {
        if (disk.syncsFail()) {
            return -Errno.EIO;
        }
        disk.sync();
        return 0;
    }

    /** The kernel ends everything that still waits for the disk with ENOTCONN. */
    @Override
    public void close() throws IOException {
        try {
            Disks.run("umount", "--force", "--lazy", path.getParent().toString());
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        if (thread.isAlive()) { // it would go on reading whatever next gets the number
            throw new IOException("the file system's thread did not end");
        }
        Libc.close(fd);
        memory.close();
    }
}
