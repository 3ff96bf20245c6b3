// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * All hosts and what they have in progress: sends requests, again when no answer comes, and shows
 * what is sent and answered to the history.
 */
final class Hosts {
    /** For an operation that must be done. */
    static final int FOR_EVER = Integer.MAX_VALUE;

    private static final long IDLE_NS = 1_000_000;

    private final Host[] hosts;
    private final Wire wire;
    private final Moments moments;
    private final RangeHistory history;
    private final SplittableRandom random;
    private final long run;
    private final Requests requests = new Requests();
    private final Timeouts timeouts = new Timeouts();
    private long operations;
    private int open;
    private long answers;
    private long resends;
    private long errors;
    private String lastError = "";
    private long lastAnswerNs;
    private PortException failure;

    /**
     * @param run not 0, in the lower 31 bits
     */
    Hosts(
            EthernetPort port,
            FoundTarget target,
            TorturePlan plan,
            Moments moments,
            RangeHistory history,
            long run) {
        hosts = new Host[plan.stations().size()];
        for (int i = 0; i < hosts.length; i++) {
            hosts[i] = new Host(i, plan.stations().get(i));
        }
        wire = new Wire(port, target, hosts, this::answered);
        this.moments = moments;
        this.history = history;
        this.run = run;
        random = new SplittableRandom(plan.seed() + 1);
    }

    Host host(int index) {
        return hosts[index];
    }

    int count() {
        return hosts.length;
    }

    /**
     * A new operation.
     *
     * @param patience it is given up when so many times no answer came
     */
    Operation operation(boolean write, long lba, int sectors, int patience) {
        return new Operation(run << 32 | ++operations, write, lba, sectors, patience);
    }

    /** Asks for an operation under a tag of its own. */
    Request send(Operation operation, Host host) throws PortException {
        if (!operation.begun) {
            operation.begun = true;
            open++;
        }
        Request request = new Request(operation, host, host.nextTag());
        transmit(request);
        timeouts.add(request, moments.nowNs());
        return request;
    }

    /**
     * Sends the same frame once more; another one for a read that was answered, whose time is over.
     */
    void repeat(Request request) throws PortException {
        resends++;
        if (request.over() && !request.operation.write) {
            send(request.operation, request.host);
        } else {
            transmit(request);
        }
    }

    private void transmit(Request request) throws PortException {
        long moment = moments.next();
        if (request.operation.write) {
            history.sent(request, moment, requests.oldestRead(moment));
        }
        request.lastSent = moment;
        if (request.copies++ == 0) {
            request.firstSent = moment;
            requests.add(request);
        }
        wire.send(request);
    }

    /** Takes answers, sends again what has waited too long; waits a moment if there is nothing. */
    void turn() throws PortException {
        wire.flush();
        int frames = wire.receive();
        timeouts.due(moments.nowNs(), this::late);
        if (failure != null) {
            throw failure;
        }
        wire.flush();
        if (frames == 0) {
            wire.await(IDLE_NS);
        }
    }

    private void late(Request request) {
        Operation operation = request.operation;
        if (++operation.timeouts >= operation.patience) {
            end(operation);
            return;
        }
        try {
            if (!request.forgotten && random.nextBoolean()) {
                repeat(request);
                timeouts.add(request, moments.nowNs());
            } else {
                resends++;
                send(operation, request.host);
            }
        } catch (PortException e) {
            failure = e;
        }
    }

    private void end(Operation operation) {
        if (!operation.over) {
            operation.over = true;
            open--;
        }
    }

    private void answered(Host host, int tag, ByteBuffer buffer, int offset, int lengthBytes) {
        Request request = requests.find(host, tag);
        if (request == null || request.over()) { // one copy too many: the network's
            return;
        }
        long moment = moments.next();
        Operation operation = request.operation;
        boolean first = request.answers++ == 0;
        boolean failed = failed(buffer, offset);
        int dataBytes = operation.write ? 0 : operation.sectors * Aoe.SECTOR_BYTES;
        if (!failed && lengthBytes < AtaFrame.DATA_OFFSET + dataBytes) {
            return; // as good as no answer
        }
        answers++;
        host.answered = true;
        lastAnswerNs = moment;
        end(operation);
        if (first) {
            request.answered = moment;
            request.failed = failed;
        }
        if (failed) {
            fail(request, buffer, offset);
        } else if (!operation.write) {
            int at = offset + AtaFrame.DATA_OFFSET;
            history.read(request, buffer, at, moment, requests.oldestRead(moment));
        } else if (first) {
            history.written(request);
        }
    }

    private static boolean failed(ByteBuffer buffer, int offset) {
        return AoeFrame.isError(buffer, offset)
                || (AtaFrame.status(buffer, offset) & AtaFrame.STATUS_FAILED) != 0;
    }

    private void fail(Request request, ByteBuffer buffer, int offset) {
        errors++;
        Operation operation = request.operation;
        String what = operation.write ? "a write" : "a read";
        String how =
                AoeFrame.isError(buffer, offset)
                        ? "AoE error " + AoeFrame.error(buffer, offset)
                        : "ATA status %02x, error %02x"
                                .formatted(
                                        AtaFrame.status(buffer, offset),
                                        AtaFrame.error(buffer, offset));
        lastError = what + " of " + operation.sectors + " sectors at " + operation.lba + ": " + how;
    }

    /** Operations that were begun and are neither answered nor given up. */
    int open() {
        return open;
    }

    long operations() {
        return operations;
    }

    long frames() {
        return wire.frames();
    }

    long answers() {
        return answers;
    }

    long resends() {
        return resends;
    }

    long unanswered() {
        return requests.unanswered();
    }

    long errors() {
        return errors;
    }

    /** The latest error in words. */
    String lastError() {
        return lastError;
    }

    /** When the latest answer came, in the moments' nanoseconds. */
    long lastAnswerNs() {
        return lastAnswerNs;
    }
}
