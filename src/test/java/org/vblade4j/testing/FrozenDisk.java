// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An ext4 on a loop device that hangs when it is told to (fsfreeze(8)): whatever writes to it waits
 * in the kernel, and cannot be killed. Mounted in the calling thread's namespace only.
 */
public final class FrozenDisk implements AutoCloseable {
    private static final long BYTES = 32L << 20;

    private final PrivateNetwork network;
    private final Path mount;
    private final String loop;
    private Process freezer;

    private FrozenDisk(PrivateNetwork network, Path mount, String loop) {
        this.network = network;
        this.mount = mount;
        this.loop = loop;
    }

    /** Makes and mounts one below the directory. */
    public static FrozenDisk mount(PrivateNetwork network, Path directory) throws IOException {
        Path image = directory.resolve("frozen.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(BYTES);
        }
        network.run(List.of("mkfs.ext4", "-q", "-b", "4096", image.toString()));
        Path mount = Files.createDirectory(directory.resolve("frozen"));
        String loop = network.run(List.of("losetup", "-f", "--show", image.toString())).strip();
        network.run(List.of("mount", loop, mount.toString()));
        return new FrozenDisk(network, mount, loop);
    }

    /** Where it is mounted. */
    public Path path() {
        return mount;
    }

    /** A file of so many sectors, each byte of which is {@code fill}, on the medium. */
    public Path file(String name, int sectors, int fill) throws IOException {
        byte[] data = new byte[sectors * 512];
        Arrays.fill(data, (byte) fill);
        Path file = Files.write(mount.resolve(name), data);
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.getFD().sync();
        }
        return file;
    }

    /**
     * From now on nothing is written, for two minutes at most: a process that hangs may need to be
     * freed by another.
     */
    public void freeze() throws IOException {
        String script = "fsfreeze -f $0 && echo frozen && timeout 120 cat; fsfreeze -u $0";
        freezer = new ProcessBuilder("sh", "-c", script, mount.toString()).start();
        BufferedReader said = freezer.inputReader();
        if (!"frozen".equals(said.readLine())) {
            throw new IllegalStateException("fsfreeze failed; exit status " + freezer.exitValue());
        }
    }

    /** What has waited goes on. Starts no process: this one may hang as well. */
    public void thaw() throws IOException {
        if (freezer != null) {
            freezer.getOutputStream().close();
            while (freezer.isAlive()) {
                Thread.onSpinWait();
            }
            freezer = null;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            thaw();
            // What a killed process had open the kernel closes some time after its end.
            network.run(List.of("umount", "--lazy", mount.toString()));
        } finally {
            network.run(List.of("losetup", "-d", loop));
        }
    }
}
