// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;

/** Waiting for several ports at once, whatever they are made of. */
@Timeout(60)
abstract class PortsWaiterContract {
    static final int PORTS = 3;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int FRAME_BYTES = 60;

    private final List<EthernetPort> ports = new ArrayList<>();
    private final List<EthernetPort> others = new ArrayList<>();
    private PortsWaiter waiter;

    /** Opens an initiator's port on a network of its own, with that number. */
    abstract EthernetPort openWaiting(int number) throws Exception;

    /** Opens a port at the other end of that network. */
    abstract EthernetPort openSending(int number) throws Exception;

    private PortsWaiter open() throws Exception {
        for (int i = 0; i < PORTS; i++) {
            ports.add(openWaiting(i));
            others.add(openSending(i));
        }
        waiter = new PortsWaiter(ports);
        return waiter;
    }

    @AfterEach
    void close() {
        waiter.close();
        ports.forEach(EthernetPort::close);
        others.forEach(EthernetPort::close);
    }

    /** A response to the waiting port of that number. */
    private void send(int number) throws PortException {
        EthernetPort port = others.get(number);
        int slot = port.claim();
        int at = port.slotOffset(slot);
        AoeFrame.putEthernet(port.slots(), at, ports.get(number).mac(), port.mac());
        AoeFrame.putAoe(port.slots(), at, Aoe.FLAG_RESPONSE, 1, 1, Aoe.COMMAND_CONFIG, 7);
        AoeFrame.pad(port.slots(), at, FRAME_BYTES);
        port.commit(slot, FRAME_BYTES);
        port.flush();
    }

    private int receive(int number) throws PortException {
        return ports.get(number).receive((buffer, offset, lengthBytes) -> {}, 16);
    }

    private static FutureTask<Void> soon(Runnable deed) {
        FutureTask<Void> task = new FutureTask<>(deed, null);
        new Thread(task, "other").start();
        return task;
    }

    private void sendQuietly(int number) {
        try {
            send(number);
        } catch (PortException e) {
            throw new IllegalStateException(e);
        }
    }

    private long awaitFor(long timeoutNs) throws PortException {
        long startNs = System.nanoTime();
        waiter.await(timeoutNs);
        return System.nanoTime() - startNs;
    }

    @Test
    void anotherThreadEndsAWaitWithoutLimit() throws Exception {
        open();
        for (int i = 0; i < 3; i++) {
            FutureTask<Void> waking = soon(waiter::wakeUp);
            waiter.await(-1);
            waking.get();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aFrameAtAnyPortEndsAWaitWithoutLimit(int number) throws Exception {
        open();
        FutureTask<Void> sending = soon(() -> sendQuietly(number));
        waiter.await(-1);
        sending.get();
        assertEquals(1, receive(number));
    }

    @Test
    void aWakeUpBeforeTheWaitIsRememberedOnce() throws Exception {
        open();
        waiter.wakeUp();
        waiter.wakeUp();
        assertTrue(awaitFor(PATIENCE_NS) < PATIENCE_NS);
        assertTrue(awaitFor(SHORT_NS) >= SHORT_NS);
    }

    @Test
    void aWaitEndsAtItsTime() throws Exception {
        open();
        assertTrue(awaitFor(SHORT_NS) >= SHORT_NS);
        assertTrue(awaitFor(0) < PATIENCE_NS);
    }

    @Test
    void aPortThatWasDroppedIsNotWaitedForAndTheOthersAre() throws Exception {
        open();
        assertTrue(awaitFor(0) < PATIENCE_NS);
        waiter.drop(ports.get(0));
        send(0);
        assertTrue(awaitFor(SHORT_NS) >= SHORT_NS);
        FutureTask<Void> sending = soon(() -> sendQuietly(2));
        waiter.await(-1);
        sending.get();
        assertEquals(1, receive(2));
        FutureTask<Void> waking = soon(waiter::wakeUp);
        waiter.await(-1);
        waking.get();
    }

    @Test
    void wakingWhatIsClosedDoesNoHarm() throws Exception {
        open();
        assertTrue(awaitFor(0) < PATIENCE_NS);
        waiter.close();
        waiter.wakeUp();
        assertTrue(awaitFor(PATIENCE_NS) < PATIENCE_NS, "and is remembered");
    }
}
