// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.vblade4j.cli.common.Interruption;
import org.vblade4j.cli.common.NetworkOptions;
import org.vblade4j.cli.common.Terminal;
import org.vblade4j.copy.Copier;
import org.vblade4j.copy.CopyReport;
import org.vblade4j.copy.CopySettings;
import org.vblade4j.initiator.DiskSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands that move data to or from a target have in common. */
final class TransferOptions {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int BLOCK_BYTES = 4096;
    private static final int MIN_CHUNKS = 8;
    private static final int MAX_DEPTH = 256;
    private static final int MAX_TIMEOUT_S = 86_400;
    private static final long CHECKPOINT_NS = TimeUnit.SECONDS.toNanos(5);

    /** Spec.Target.MIXEE: of the command, for its streams and its usage errors. */
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin private NetworkOptions network;

    @Option(
            names = "--depth",
            paramLabel = "N",
            defaultValue = "64",
            description =
                    "Frames unanswered at once, 1 to 256; the target may allow less; default"
                            + " ${DEFAULT-VALUE}.")
    private int depth;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "Give up when a frame was not answered for so long; default ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    @Option(
            names = {"-q", "--quiet"},
            description = "Show no progress.")
    private boolean quiet;

    @Option(names = "--json", description = "Print the result as a JSON object on a line.")
    private boolean json;

    NetworkOptions network() {
        return network;
    }

    boolean json() {
        return json;
    }

    int depth() {
        return depth;
    }

    DiskSettings disk() {
        check("--depth", depth, MAX_DEPTH);
        check("--timeout", timeoutSeconds, MAX_TIMEOUT_S);
        DiskSettings usual = DiskSettings.DEFAULTS;
        return new DiskSettings(
                depth,
                usual.minTimeoutNs(),
                usual.maxTimeoutNs(),
                TimeUnit.SECONDS.toNanos(timeoutSeconds));
    }

    private void check(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + ", expected 1 to " + most);
        }
    }

    /**
     * Chunks of whole frames, and as many as keep the window full while others are in the other
     * end's hands; no more, so that they stay in the processor's cache.
     */
    CopySettings copy(TargetDisk target) {
        int eight = BLOCK_BYTES * target.disk().sectorsPerFrame(); // frames, so whole blocks
        int chunkBytes = (CHUNK_BYTES + eight - 1) / eight * eight;
        int windowBytes = depth * target.disk().sectorsPerFrame() * ByteSize.SECTOR_BYTES;
        int chunks = Math.max(MIN_CHUNKS, 2 * windowBytes / chunkBytes);
        return new CopySettings(chunkBytes, chunks, CHECKPOINT_NS);
    }

    /**
     * Runs a copy to its end or until a signal comes, and shows how far it is.
     *
     * @param what is done, for plain lines
     * @param totalBytes all there is to do, or -1
     */
    CopyReport run(
            Copier copier, String what, long startBytes, long totalBytes, Interruption signals) {
        boolean bar = Terminal.canRedraw(Terminal.STDERR, System.getenv());
        IntSupplier columns = () -> Terminal.columns(Terminal.STDERR);
        ProgressLine progress =
                new ProgressLine(
                        spec.commandLine().getErr(),
                        what,
                        startBytes,
                        totalBytes,
                        bar ? columns : null,
                        System::nanoTime);
        if (!quiet) {
            copier.watch(progress);
        }
        if (signals.happened()) {
            copier.stop();
        }
        try {
            return copier.run();
        } finally {
            progress.end();
        }
    }
}
