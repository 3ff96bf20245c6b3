// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.PortKind;
import org.vblade4j.export.ChangeLog;
import org.vblade4j.export.ExportLauncher;
import org.vblade4j.export.ExportStatus;
import org.vblade4j.supervisor.Supervised;
import org.vblade4j.supervisor.SupervisedExports;

/**
 * One export as a process: serves until INT, TERM or HUP, without a supervisor and so without
 * restarts.
 */
public final class ForegroundExport {
    private static final Logger LOG = System.getLogger(ForegroundExport.class.getName());
    private static final long STOP_BUDGET_S = 10;

    private final ExportSpec spec;
    private final PortKind port;
    private final PrintWriter out;
    private final Supervised.Factory factory;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicInteger endedBy = new AtomicInteger();

    /**
     * Opens nothing yet.
     *
     * @param dataDirectory where what initiators change outlives the process, if it is to
     * @param port what moves the frames
     * @param out gets vblade's line once the export serves
     */
    public ForegroundExport(
            ExportSpec spec, Optional<Path> dataDirectory, PortKind port, PrintWriter out) {
        this.port = port;
        ChangeLog changes =
                dataDirectory.map(ChangeLog::byAddressIn).orElseGet(ChangeLog::keepingNothing);
        this.factory = new SupervisedExports(new ExportLauncher(changes));
        this.spec = spec;
        this.out = out;
    }

    /**
     * Serves; returns what a shell expects of a process that a signal ended, 128 and its number.
     *
     * @throws IOException the export did not come up, or ended by itself; with the reason
     */
    public int run() throws IOException, InterruptedException {
        LogFormat.install(System.getenv());
        Readiness readiness = Readiness.of(System.getenv());
        Supervised export = factory.start(spec, DaemonSettings.DEFAULTS.with(port), new Events());
        Signals.handle("HUP", () -> end(export, 1));
        Signals.handle("INT", () -> end(export, 2));
        Signals.handle("TERM", () -> end(export, 15));
        try {
            CompletableFuture.anyOf(started, ended).get();
            if (export.status().isPresent()) {
                LogFormat.flush(); // warnings come before the line that says that it serves
                out.println(line(spec, export.status().get()));
                out.flush();
                readiness.announce();
            }
            ended.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            LogFormat.flush(); // before what the program says last
        }
        if (endedBy.get() == 0) {
            throw new IOException("the export ended by itself");
        }
        return 128 + endedBy.get();
    }

    /** vblade's own line, byte for byte. */
    static String line(ExportSpec spec, ExportStatus status) {
        return String.format(
                "pid %d: %s, %d sectors %s",
                ProcessHandle.current().pid(), spec.address(), status.sectors(), status.openMode());
    }

    private static IOException failure(Throwable cause) {
        return cause instanceof IOException && cause.getMessage() != null
                ? new IOException(cause.getMessage(), cause)
                : new IOException("the export failed: " + cause, cause);
    }

    private void end(Supervised export, int signal) {
        if (!endedBy.compareAndSet(0, signal)) {
            leave(export, "asked again");
            return;
        }
        export.stop();
        if (!endsWithin(STOP_BUDGET_S)) {
            leave(export, "still stopping after " + STOP_BUDGET_S + " s");
        }
    }

    /**
     * Ends the process at once. What the kernel has in progress keeps the process, and with it the
     * memory and the claim on the device, until the device has finished it.
     */
    private void leave(Supervised export, String why) {
        String waitingFor = export.status().map(ExportStatus::waitingFor).orElse("");
        LOG.log(
                Level.ERROR,
                "leaving, {0}: {1}",
                why,
                waitingFor.isEmpty()
                        ? "what is in progress on " + spec.device() + " is left to the kernel"
                        : "waiting for " + waitingFor);
        LogFormat.flush();
        Runtime.getRuntime().halt(1);
    }

    private boolean endsWithin(long seconds) {
        try {
            ended.get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | InterruptedException e) {
            return true;
        }
    }

    /** Called on the export's threads. */
    private final class Events implements Supervised.Listener {
        @Override
        public void started() {
            started.complete(null);
        }

        @Override
        public void ended(Throwable cause) {
            if (cause == null) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(cause);
            }
        }
    }
}
