// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.vblade4j.text.Printable;

/**
 * One line an event on stderr, {@code LEVEL export: message}. The time comes first unless the
 * reader adds its own: the journal, recognised as systemd.exec(5) says by {@code JOURNAL_STREAM},
 * or whoever sets {@code VBLADE4J_LOG_TIMESTAMPS=no}. {@code VBLADE4J_LOG_LEVEL} is a level's name,
 * such as {@code DEBUG}.
 */
public final class LogFormat extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    /** A machine with other work may leave the thread that writes waiting for a while. */
    private static final long FLUSH_PATIENCE_NS = TimeUnit.SECONDS.toNanos(3);

    private final boolean timestamps;

    LogFormat(boolean timestamps) {
        this.timestamps = timestamps;
    }

    /**
     * Sends everything that is logged in this process to stderr, by a thread of its own. Call once,
     * before the work.
     */
    public static void install(Map<String, String> environment) {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Level level = level(environment.getOrDefault("VBLADE4J_LOG_LEVEL", "INFO"));
        Handler stderr = new QueuedHandler(new LogFormat(wantsTimestamps(environment)));
        stderr.setLevel(level);
        root.setLevel(level);
        root.addHandler(stderr);
        Thread.setDefaultUncaughtExceptionHandler(new Uncaught());
    }

    /**
     * Waits until what was logged is written, for three seconds at most: to be called before the
     * process ends in any other way than by returning.
     */
    public static void flush() {
        for (Handler handler : LogManager.getLogManager().getLogger("").getHandlers()) {
            handler.flush();
        }
    }

    /** The system's own would write to stderr at once, and wait for it. */
    private static final class Uncaught implements Thread.UncaughtExceptionHandler {
        private static final System.Logger LOG = System.getLogger(LogFormat.class.getName());

        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            LOG.log(System.Logger.Level.ERROR, "thread " + thread.getName() + " ended", thrown);
        }
    }

    @Override
    public String format(LogRecord logged) {
        StringBuilder line = new StringBuilder(120);
        if (timestamps) {
            TIME.formatTo(logged.getInstant(), line);
            line.append(' ');
        }
        line.append(name(logged.getLevel())).append(' ');
        String source = source(Thread.currentThread().getName());
        String message = formatMessage(logged);
        if (!source.isEmpty() && !message.startsWith(source + ":")) {
            line.append(source).append(": ");
        }
        line.append(Printable.text(message.replace('\n', ' '))).append('\n');
        if (logged.getThrown() != null) {
            StringWriter trace = new StringWriter();
            logged.getThrown().printStackTrace(new PrintWriter(trace));
            trace.toString().lines().forEach(shown -> line.append(shownOf(shown)).append('\n'));
        }
        return line.toString();
    }

    private static String shownOf(String traceLine) {
        return traceLine.startsWith("\t")
                ? "\t" + Printable.text(traceLine.substring(1))
                : Printable.text(traceLine);
    }

    /** The export a thread works for, from its name {@code export:NAME/N}; else nothing. */
    static String source(String threadName) {
        if (!threadName.startsWith("export:")) {
            return "";
        }
        int slash = threadName.indexOf('/');
        return threadName.substring(7, slash < 0 ? threadName.length() : slash);
    }

    static boolean wantsTimestamps(Map<String, String> environment) {
        String wish = environment.get("VBLADE4J_LOG_TIMESTAMPS");
        if (wish != null) {
            return !wish.equals("no");
        }
        String journal = environment.get("JOURNAL_STREAM");
        return journal == null || !journal.equals(stderrIdentity());
    }

    /** {@code device:inode} of what stderr is connected to. */
    private static String stderrIdentity() {
        Path stderr = Path.of("/proc/self/fd/2");
        try {
            return Files.getAttribute(stderr, "unix:dev")
                    + ":"
                    + Files.getAttribute(stderr, "unix:ino");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static Level level(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "TRACE" -> Level.FINER;
            case "DEBUG" -> Level.FINE;
            case "WARNING" -> Level.WARNING;
            case "ERROR" -> Level.SEVERE;
            default -> Level.INFO;
        };
    }

    /** System.Logger's name of a level, which java.util.logging calls otherwise. */
    private static String name(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARNING";
        }
        if (value >= Level.INFO.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    /** Hands lines to the thread that writes them. */
    private static final class QueuedHandler extends Handler {
        private final LogQueue queue;

        QueuedHandler(Formatter formatter) {
            setFormatter(formatter);
            queue = new LogQueue(new FileOutputStream(FileDescriptor.err).getChannel(), formatter);
            queue.start();
        }

        @Override
        public void publish(LogRecord logged) {
            if (isLoggable(logged)) {
                queue.add(getFormatter().format(logged));
            }
        }

        /** Waits for the log a little, so that what was said last is in it. */
        @Override
        public void flush() {
            queue.flush(FLUSH_PATIENCE_NS);
        }

        /** The logging system's last call, when the process ends. */
        @Override
        public void close() {
            flush();
        }
    }
}
