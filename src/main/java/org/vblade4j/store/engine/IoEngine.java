// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

/**
 * Runs operations on the files it was opened with, many at once, in no order. One thread starts and
 * reaps; {@link IoOperation#ended} is called on it, from {@link #reap} only.
 */
public interface IoEngine {
    /** Which it is, for the status: {@code uring}, {@code threads} or {@code sync}. */
    String label();

    /** Takes an operation, to run at the latest after {@link #submit}. */
    void start(IoOperation operation);

    /**
     * Makes what was started run; one system call for all, or none. What the system refuses for now
     * is started by a later call.
     */
    void submit();

    /** Ends what has finished; returns how many operations that were. */
    int reap();

    /**
     * Polls readable when {@link #reap} would end something, or {@link #submit} is to be called
     * again because the system refused what was started for now; -1 when nothing ever waits. The
     * number stays, the file behind it may change: poll(2) sees that, an epoll set would not.
     */
    int readyFd();

    /** Operations started and not yet ended. */
    int inProgress();

    /**
     * Ends the engine, by the thread that has used it. Returns when the kernel has no operation in
     * progress, so that their memory may go and the files be closed; on a disk that hangs that
     * takes as long as it hangs. Operations are not told that they have ended.
     */
    void close();
}
