// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.Path;
import org.vblade4j.store.engine.IoEngine;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.OsException;

/** Opens {@link FileStore}s; without any check of what the path is. */
final class FileStores {
    private FileStores() {}

    static FileStore open(Path path, DeviceKind kind, StoreOptions options, Platform platform)
            throws IOException {
        DiskFile cached =
                DiskFile.open(
                        path,
                        kind,
                        options.readOnly(),
                        options.direct() ? Linux.O_DSYNC : 0,
                        platform);
        if (options.direct()) {
            return openDirect(path, kind, options, cached, platform);
        }
        IoEngine engine = null;
        try {
            engine = platform.openEngine(options, cached.fd());
            StoreTraits traits =
                    traits(
                            options,
                            kind.physicalBlockBytes(path, platform.calls()),
                            engine.label());
            return new FileStore(cached, null, null, engine, options.depth(), traits);
        } catch (IOException | RuntimeException e) {
            close(engine, cached);
            throw e;
        }
    }

    private static FileStore openDirect(
            Path path, DeviceKind kind, StoreOptions options, DiskFile tail, Platform platform)
            throws IOException {
        DiskFile direct = null;
        IoEngine engine = null;
        try {
            direct = directFile(path, kind, options, platform);
            direct.dropCached();
            DirectBlocks blocks = DirectProbe.find(platform.calls(), direct.fd(), kind, path);
            if (blocks == null) {
                throw refused(path);
            }
            int physical =
                    Math.max(kind.physicalBlockBytes(path, platform.calls()), blocks.bytes());
            engine = platform.openEngine(options, direct.fd(), tail.fd());
            StoreTraits traits = traits(options, physical, engine.label());
            return new FileStore(direct, tail, blocks, engine, options.depth(), traits);
        } catch (IOException | RuntimeException e) {
            close(engine, direct, tail);
            throw e;
        }
    }

    private static StoreTraits traits(StoreOptions options, int physicalBytes, String engine) {
        // Through the page cache each kick writes all that is queued, whatever becomes of it then.
        boolean takesDataByKick = !options.direct();
        return new StoreTraits(
                options.readOnly(),
                false,
                options.synced(),
                takesDataByKick,
                physicalBytes,
                engine);
    }

    private static DiskFile directFile(
            Path path, DeviceKind kind, StoreOptions options, Platform platform)
            throws IOException {
        try {
            return DiskFile.open(path, kind, options.readOnly(), Linux.O_DIRECT, platform);
        } catch (OsException e) {
            throw e.errno() == Errno.EINVAL
                    ? refused(path)
                    : new IOException(path + ": cannot open for direct I/O: " + e.getMessage(), e);
        }
    }

    private static IOException refused(Path path) {
        return new IOException(
                path + ": its file system does not support direct I/O (O_DIRECT); leave out -d");
    }

    private static void close(IoEngine engine, DiskFile... files) {
        if (engine != null) {
            engine.close();
        }
        for (DiskFile file : files) {
            if (file != null) {
                file.close();
            }
        }
    }
}
