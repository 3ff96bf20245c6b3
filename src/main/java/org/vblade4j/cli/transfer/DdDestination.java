// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.vblade4j.cli.common.Terminal;
import org.vblade4j.copy.Comparison;
import org.vblade4j.copy.Copier;
import org.vblade4j.copy.CopyReport;
import org.vblade4j.copy.CopySettings;
import org.vblade4j.copy.DiskEnd;
import org.vblade4j.copy.ExpectedZeros;
import org.vblade4j.copy.FileSink;
import org.vblade4j.copy.Sink;
import org.vblade4j.copy.StreamSink;

/**
 * Where {@code aoe dd} writes. What holds data is overwritten only when the operator has said so: a
 * target that is not blank, a file that is not empty, any block device.
 */
final class DdDestination implements AutoCloseable {
    private static final int TYPE_MASK = 0xf000; // S_IFMT, inode(7)
    private static final int REGULAR_FILE = 0x8000;
    private static final int BLOCK_DEVICE = 0x6000;
    private static final int LOOKED_AT_BYTES = 1 << 20;

    private final DdPlace place;
    private final DdOptions how;
    private final TargetDisk target;
    private ExclusiveDevice device;
    private Sink sink;

    private DdDestination(DdPlace place, DdOptions how, TargetDisk target) {
        this.place = place;
        this.how = how;
        this.target = target;
    }

    /** Finds the destination, which is not touched before {@link #prepare}. */
    static DdDestination open(DdPlace place, DdOptions how, TransferOptions options)
            throws IOException {
        TargetDisk target =
                place.address().isPresent()
                        ? TargetDisk.open(options.network(), place.address().get(), options.disk())
                        : null;
        return new DdDestination(place, how, target);
    }

    /** Null for a file or stream. */
    TargetDisk target() {
        return target;
    }

    /** What a copy goes to: of another disk it differs. */
    String identity() {
        return target == null ? "a file" : DdSource.identity(target);
    }

    /**
     * Checks that so many bytes fit and may be overwritten, and opens the sink.
     *
     * @param startBytes of the copy, what is there from an earlier run
     * @param bytes the whole copy, or -1
     */
    Sink prepare(long startBytes, long bytes, CopySettings settings) throws IOException {
        if (target != null) {
            checkRoom(bytes);
            if (startBytes == 0 && !how.force()) {
                checkBlank(bytes, settings);
            }
            long lba = how.seekBytes() / ByteSize.SECTOR_BYTES;
            sink = new DiskEnd(place.word(), target.disk(), lba, how.skipHoles());
        } else if (place.stream()) {
            sink = stream("standard output", new FileOutputStream(FileDescriptor.out));
        } else {
            sink = file(startBytes, bytes);
        }
        return sink;
    }

    private void checkRoom(long bytes) throws IOException {
        long room = target.disk().sectors() * ByteSize.SECTOR_BYTES - how.seekBytes();
        if (room <= 0 || bytes > room) {
            throw new IOException(
                    place
                            + " has room for "
                            + Math.max(0, room)
                            + " bytes from there on, "
                            + (bytes < 0 ? "expected some" : "the copy has " + bytes)
                            + "; --length copies a part");
        }
    }

    /** Looks at the first and the last mebibyte: partition tables, file systems, RAID. */
    private void checkBlank(long bytes, CopySettings settings) throws IOException {
        long all = target.disk().sectors() * ByteSize.SECTOR_BYTES - how.seekBytes();
        long range = bytes < 0 ? all : Math.min(all, roundUp(bytes));
        long looked = Math.min(range, LOOKED_AT_BYTES);
        long first = how.seekBytes() / ByteSize.SECTOR_BYTES;
        checkZero(first, looked, settings);
        checkZero(first + (range - looked) / ByteSize.SECTOR_BYTES, looked, settings);
    }

    private static long roundUp(long bytes) {
        return (bytes + ByteSize.SECTOR_BYTES - 1) & -ByteSize.SECTOR_BYTES;
    }

    private void checkZero(long lba, long bytes, CopySettings settings) throws IOException {
        DiskEnd part = new DiskEnd(place.word(), target.disk(), lba, false);
        Comparison zeros = new Comparison(new ExpectedZeros());
        Runnable idle = () -> target.disk().await(CatCommand.WAIT_NS);
        Copier look = new Copier(part, zeros, 0, bytes, settings, System::nanoTime, idle);
        CopyReport report = look.run();
        if (report.failure() != null) {
            throw new IOException(report.failure());
        }
        if (zeros.badSectors() > 0) {
            throw new IOException(
                    place
                            + " is not blank, sector "
                            + (lba + zeros.firstBad())
                            + " holds data: --force overwrites it");
        }
    }

    private Sink file(long startBytes, long bytes) throws IOException {
        Path path = place.path();
        if (!Files.exists(path)) {
            return newFile(path, startBytes);
        }
        int type = (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK;
        if (type == REGULAR_FILE) {
            return regularFile(path, startBytes);
        }
        if (type == BLOCK_DEVICE) {
            return blockDevice(path, startBytes, bytes);
        }
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a directory");
        }
        return stream(place.word(), new FileOutputStream(path.toFile()));
    }

    private Sink newFile(Path path, long startBytes) throws IOException {
        if (startBytes > 0) {
            throw new IOException(path + " is gone: there is nothing to go on with");
        }
        Path absolute = path.toAbsolutePath().normalize();
        if (absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm")) {
            throw new IOException(path + ": no such device; no file is made in /dev");
        }
        return new FileSink(path, how.seekBytes(), !how.inPlace(), 0, how.sparse());
    }

    private Sink regularFile(Path path, long startBytes) throws IOException {
        long size = Files.size(path);
        if (startBytes > 0 && size < how.seekBytes() + startBytes) {
            throw new IOException(
                    path
                            + " has "
                            + size
                            + " bytes, less than what was copied: it is not the same file");
        }
        if (startBytes == 0 && size > 0 && !how.force() && !how.inPlace()) {
            throw new IOException(
                    path
                            + " exists and is not empty: --force replaces it, --in-place writes"
                            + " into it");
        }
        return new FileSink(path, how.seekBytes(), !how.inPlace(), startBytes, how.sparse());
    }

    private Sink blockDevice(Path path, long startBytes, long bytes) throws IOException {
        if (startBytes == 0 && !how.force() && !how.inPlace()) {
            throw new IOException(path + " is a block device: --force overwrites it");
        }
        device = ExclusiveDevice.open(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long room = channel.size() - how.seekBytes();
            if (bytes > room) {
                throw new IOException(
                        path + " has room for " + room + " bytes, the copy has " + bytes);
            }
        }
        return new FileSink(path, how.seekBytes(), false, startBytes, false);
    }

    private Sink stream(String name, FileOutputStream out) throws IOException {
        if (how.seekBytes() > 0) {
            out.close();
            throw new IOException(name + " is a stream: --seek is of no use");
        }
        if (place.stream() && !how.force() && Terminal.isTerminal(Terminal.STDOUT)) {
            throw new IOException(
                    "standard output is a terminal: --force writes the disk's bytes there");
        }
        return new StreamSink(name, out.getChannel());
    }

    /** How long the copier may wait in this disk while another works, too. */
    static long shortWaitNs() {
        return TimeUnit.MICROSECONDS.toNanos(200);
    }

    @Override
    public void close() throws IOException {
        if (sink != null) {
            sink.close();
        }
        if (device != null) {
            device.close();
        }
        if (target != null) {
            target.close();
        }
    }
}
