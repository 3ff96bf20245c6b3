// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.vblade4j.wire.Mac;

/** One of the two targets that get the same frames, behind a cable of its own. */
abstract class Contender implements AutoCloseable {
    static final int MTU_BYTES = 1500;
    private static final long ANSWER_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int FENCE_TAG = 0xfefe_fefe;

    private final String name;
    private final RawSocket socket;

    /**
     * @param peerInterface the client's end of the cable; open before the target starts, so that
     *     its announcement is seen
     */
    Contender(String name, String peerInterface) throws IOException {
        this.name = name;
        this.socket = new RawSocket(peerInterface);
    }

    /** How both are to serve. */
    record Export(Path image, int bufferCount, boolean readOnly) {}

    abstract void start(Export export) throws IOException;

    /** False while requests are in progress that a fence may have overtaken. */
    abstract boolean settled();

    /** Ends the target; the cable stays. */
    abstract void stop() throws IOException;

    /** What it sends without being asked, when it starts. */
    byte[] announcement() throws IOException {
        byte[] frame = socket.receive(ANSWER_TIMEOUT_NS);
        if (frame == null) {
            throw new IOException(name + " announced nothing");
        }
        return frame;
    }

    /**
     * Sends a frame and returns all answers. A Config Read sent after it is the fence: what was not
     * answered before that one is, stays unanswered.
     */
    List<byte[]> exchange(byte[] request) throws IOException {
        socket.send(request);
        socket.send(Request.config(0, "").tag(FENCE_TAG).bytes());
        List<byte[]> answers = new ArrayList<>();
        long deadline = System.nanoTime() + ANSWER_TIMEOUT_NS;
        boolean fenced = false;
        while (!fenced || !settled()) {
            byte[] frame = receiveAnswer(fenced ? 0 : deadline - System.nanoTime());
            if (frame != null) {
                boolean fence = ByteBuffer.wrap(frame).getInt(20) == FENCE_TAG;
                fenced |= fence;
                if (!fence) {
                    answers.add(frame);
                }
            } else if (System.nanoTime() > deadline) {
                throw new IOException(name + " no longer answers");
            }
        }
        for (byte[] frame = receiveAnswer(0); frame != null; frame = receiveAnswer(0)) {
            answers.add(frame);
        }
        return answers;
    }

    /** For a frame that the target need not survive; no fence. */
    void send(byte[] request) throws IOException {
        socket.send(request);
    }

    private byte[] receiveAnswer(long timeoutNs) throws IOException {
        byte[] frame = socket.receive(timeoutNs);
        boolean own = frame != null && Mac.get(ByteBuffer.wrap(frame), 6) != Request.TARGET_MAC;
        return own ? receiveAnswer(timeoutNs) : frame;
    }

    @Override
    public void close() throws IOException {
        stop();
        socket.close();
    }
}
