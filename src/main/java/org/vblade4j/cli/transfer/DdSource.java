// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.vblade4j.copy.DiskEnd;
import org.vblade4j.copy.FileSource;
import org.vblade4j.copy.Source;
import org.vblade4j.copy.StreamSource;

/**
 * Where {@code aoe dd} reads.
 *
 * @param target null for a file or stream
 * @param identity what is copied: of another disk or a changed file it differs
 */
record DdSource(Source source, TargetDisk target, String identity) implements AutoCloseable {

    static DdSource open(DdPlace place, long skipBytes, TransferOptions options)
            throws IOException {
        if (place.address().isPresent()) {
            TargetDisk target =
                    TargetDisk.open(options.network(), place.address().get(), options.disk());
            long lba = skipBytes / ByteSize.SECTOR_BYTES;
            DiskEnd end = new DiskEnd(place.word(), target.disk(), lba, false);
            return new DdSource(end, target, identity(target));
        }
        if (place.stream()) {
            FileInputStream in = new FileInputStream(FileDescriptor.in);
            StreamSource end = new StreamSource("standard input", in.getChannel(), skipBytes);
            return new DdSource(end, null, "a stream");
        }
        if (!Files.exists(place.path())) {
            throw new NoSuchFileException(place.word());
        }
        if (Files.isDirectory(place.path())) {
            throw new IOException(place + " is a directory");
        }
        boolean regular = Files.isRegularFile(place.path());
        FileSource end = FileSource.open(place.path(), skipBytes);
        if (!regular && end.bytes() == 0) { // a FIFO or /dev/zero: no size
            end.close();
            FileInputStream in = new FileInputStream(place.path().toFile());
            return new DdSource(
                    new StreamSource(place.word(), in.getChannel(), skipBytes), null, "a stream");
        }
        String identity = end.bytes() + skipBytes + " bytes";
        if (regular) {
            identity += " of " + Files.getLastModifiedTime(place.path());
        }
        return new DdSource(end, null, identity);
    }

    static String identity(TargetDisk target) {
        return target.disk().sectors()
                + " sectors, serial \""
                + target.disk().identity().serial()
                + '"';
    }

    @Override
    public void close() throws IOException {
        source.close();
        if (target != null) {
            target.close();
        }
    }
}
