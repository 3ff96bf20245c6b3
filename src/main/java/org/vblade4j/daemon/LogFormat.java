// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

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

    private final boolean timestamps;

    LogFormat(boolean timestamps) {
        this.timestamps = timestamps;
    }

    /** Sends everything that is logged in this process to stderr. Call once, before the work. */
    public static void install(Map<String, String> environment) {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Level level = level(environment.getOrDefault("VBLADE4J_LOG_LEVEL", "INFO"));
        Handler stderr = new FlushedHandler(new LogFormat(wantsTimestamps(environment)));
        stderr.setLevel(level);
        root.setLevel(level);
        root.addHandler(stderr);
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
        line.append(message.replace('\n', ' ')).append('\n');
        if (logged.getThrown() != null) {
            StringWriter trace = new StringWriter();
            logged.getThrown().printStackTrace(new PrintWriter(trace));
            line.append(trace);
        }
        return line.toString();
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

    /** Writes a line as it is logged, never closes stderr. */
    private static final class FlushedHandler extends StreamHandler {
        FlushedHandler(Formatter formatter) {
            super(System.err, formatter);
        }

        @Override
        public synchronized void publish(LogRecord logged) {
            super.publish(logged);
            flush();
        }

        @Override
        public synchronized void close() {
            flush();
        }
    }
}
