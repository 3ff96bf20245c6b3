// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.vblade4j.copy.Copier;

/**
 * How far long work is: on a terminal a bar that is drawn anew, elsewhere a plain line from time to
 * time. It has no colours, so NO_COLOR is always obeyed.
 */
final class ProgressLine implements Copier.Watcher {
    private static final long REDRAW_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long PLAIN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final double MEMORY_S = 3; // of the rate that is shown
    private static final int MIN_BAR = 10;
    private static final int MAX_BAR = 40;

    private final PrintWriter out;
    private final String what;
    private final long totalBytes;
    private final IntSupplier columns;
    private final LongSupplier clockNs;
    private long shownBytes;
    private long shownNs;
    private double bytesPerSecond;
    private boolean drawn;

    /**
     * @param what is done, for plain lines
     * @param startBytes what was done before
     * @param totalBytes all there is to do, or -1: nobody knows
     * @param columns the width of the terminal, or null: there is none
     */
    ProgressLine(
            PrintWriter out,
            String what,
            long startBytes,
            long totalBytes,
            IntSupplier columns,
            LongSupplier clockNs) {
        this.out = out;
        this.what = what;
        this.totalBytes = totalBytes;
        this.columns = columns;
        this.clockNs = clockNs;
        shownBytes = startBytes;
        shownNs = clockNs.getAsLong();
    }

    @Override
    public void at(long bytes) {
        long nowNs = clockNs.getAsLong();
        if (nowNs - shownNs < (columns == null ? PLAIN_NS : REDRAW_NS)) {
            return;
        }
        double seconds = (nowNs - shownNs) / 1e9;
        double latest = (bytes - shownBytes) / seconds;
        double weight = bytesPerSecond == 0 ? 1 : 1 - Math.exp(-seconds / MEMORY_S);
        bytesPerSecond += (latest - bytesPerSecond) * weight;
        shownBytes = bytes;
        shownNs = nowNs;
        if (columns == null) {
            out.println(what + ": " + text(bytes));
        } else {
            out.print("\r" + bar(bytes, columns.getAsInt() - 1) + "\033[K");
            drawn = true;
        }
        out.flush();
    }

    /** Takes the bar away; what is printed next begins a line. */
    void end() {
        if (drawn) {
            out.print("\r\033[K");
            out.flush();
            drawn = false;
        }
    }

    private String bar(long bytes, int width) {
        String text = text(bytes);
        int room = Math.min(MAX_BAR, width - text.length() - 3);
        if (totalBytes <= 0 || room < MIN_BAR) {
            return text.length() > width ? text.substring(0, Math.max(0, width)) : text;
        }
        int full = (int) (room * Math.min(1, (double) bytes / totalBytes));
        return "[" + "#".repeat(full) + "-".repeat(room - full) + "] " + text;
    }

    private String text(long bytes) {
        String rate = ByteSize.text(Math.max(0, bytesPerSecond)) + "/s";
        if (totalBytes < 0) {
            return ByteSize.text(bytes) + ", " + rate;
        }
        long percent = totalBytes == 0 ? 100 : (long) (100.0 * bytes / totalBytes);
        return String.format(
                Locale.ROOT,
                "%3d%% %s of %s, %s, ETA %s",
                percent,
                ByteSize.text(bytes),
                ByteSize.text(totalBytes),
                rate,
                eta(totalBytes - bytes));
    }

    private String eta(long leftBytes) {
        double seconds = leftBytes / bytesPerSecond;
        if (!(seconds < 360_000)) { // 100 hours, or no rate at all
            return "-:--";
        }
        long left = Math.round(seconds);
        return left < 3600
                ? String.format(Locale.ROOT, "%d:%02d", left / 60, left % 60)
                : String.format(
                        Locale.ROOT, "%d:%02d:%02d", left / 3600, left / 60 % 60, left % 60);
    }
}
