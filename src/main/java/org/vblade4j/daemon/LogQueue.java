// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Lines on their way to the log, which one thread of its own writes: who logs waits neither for a
 * disk, nor for a reader, nor for a lock. What does not fit in the queue, or cannot be written, is
 * counted, and the count is logged as soon as something can be written again.
 */
final class LogQueue extends Thread {
    /** Of all lines that wait, with what each takes besides its text. */
    static final int MAX_BYTES = 1 << 20;

    /** A longer line, such as a trace, is cut. */
    static final int MAX_LINE_BYTES = 16 << 10;

    private static final String LINES_LOST = " lines were not logged: the log took no more";
    private static final int OVERHEAD_BYTES = 64;
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final WritableByteChannel log;
    private final Formatter format;
    private final ConcurrentLinkedQueue<byte[]> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queuedBytes = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();
    private boolean midLine;

    /**
     * @param log is written to in blocking mode and stays open
     * @param format of the line that says how many lines were not logged
     */
    LogQueue(WritableByteChannel log, Formatter format) {
        super(Thread.currentThread().getThreadGroup(), "log-writer");
        this.log = log;
        this.format = format;
        setDaemon(true);
    }

    /** Any thread: the line is written later, or counted as lost. */
    void add(String line) {
        byte[] bytes = encode(line);
        int takes = bytes.length + OVERHEAD_BYTES;
        if (queuedBytes.addAndGet(takes) > MAX_BYTES) {
            queuedBytes.addAndGet(-takes);
            lost.incrementAndGet();
        } else {
            lines.add(bytes);
        }
        LockSupport.unpark(this);
    }

    private static byte[] encode(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_LINE_BYTES) {
            return bytes;
        }
        byte[] cut = Arrays.copyOf(bytes, MAX_LINE_BYTES);
        cut[MAX_LINE_BYTES - 1] = '\n';
        return cut;
    }

    /** Waits until all lines are written; false when the time has passed before. */
    boolean flush(long patienceNs) {
        long startNs = System.nanoTime();
        while (queuedBytes.get() > 0) {
            if (System.nanoTime() - startNs >= patienceNs) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }

    @Override
    public void run() {
        while (true) {
            byte[] line = lines.poll();
            if (line != null) {
                write(line);
                queuedBytes.addAndGet(-line.length - OVERHEAD_BYTES);
            } else if (lost.get() == 0) {
                LockSupport.park(this);
            } else if (!tellOfLost()) {
                LockSupport.parkNanos(this, RETRY_NS);
            }
        }
    }

    private boolean tellOfLost() {
        long count = lost.getAndSet(0);
        LogRecord notice = new LogRecord(Level.WARNING, count + LINES_LOST);
        if (written(encode(format.format(notice)))) {
            return true;
        }
        lost.addAndGet(count);
        return false;
    }

    private void write(byte[] line) {
        if (!written(line)) {
            lost.incrementAndGet();
        }
    }

    /** After a line of which a part was written the next one begins on a line of its own. */
    private boolean written(byte[] line) {
        ByteBuffer bytes = ByteBuffer.allocate(line.length + 1);
        bytes.put((byte) '\n').put(line).flip();
        bytes.position(midLine ? 0 : 1);
        int from = bytes.position();
        try {
            while (bytes.hasRemaining()) {
                log.write(bytes);
            }
            midLine = false;
            return true;
        } catch (IOException e) { // the disk is full, or the reader gone
            midLine |= bytes.position() > from;
            return false;
        }
    }
}
