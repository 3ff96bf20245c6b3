// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.OsException;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.Mac;

/** The socket that a group has for all its targets, and the thread behind it, when they fail. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
final class GroupSocketLiveTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final Steering steering = new Steering();
    private final List<RingPort> ports = new ArrayList<>();
    private RingPort initiator;
    private int lastTag;

    @BeforeEach
    void connect(PrivateNetwork network) throws Exception {
        network.veth("target", 0x0200_0000_0014L, "initiator", 0x0200_0000_000aL, 1500);
        initiator = RingPort.open(PortOptions.forInitiator("initiator", 64, 16), new Counters());
    }

    @AfterEach
    void close() {
        ports.forEach(RingPort::close);
        initiator.close();
    }

    private static PortOptions options(int slot) {
        return PortOptions.forTarget("target", new AoeAddress(1, slot), 16, 4);
    }

    private RingPort open(int slot) throws PortException {
        RingPort port = RingPort.open(options(slot), new Counters());
        ports.add(port);
        return port.steered(steering, new AoeAddress(1, slot));
    }

    private int broadcast() throws PortException {
        int slot = initiator.claim();
        int at = initiator.slotOffset(slot);
        AoeFrame.putEthernet(initiator.slots(), at, Mac.BROADCAST, initiator.mac());
        AoeFrame.putAoe(
                initiator.slots(),
                at,
                0,
                AoeAddress.WILDCARD_SHELF,
                AoeAddress.WILDCARD_SLOT,
                Aoe.COMMAND_CONFIG,
                ++lastTag);
        initiator.commit(slot, AoeFrame.pad(initiator.slots(), at, 32));
        initiator.flush();
        return lastTag;
    }

    /** The tag of the next frame. */
    private static int hear(RingPort port) throws PortException {
        int[] tag = {-1};
        long startNs = System.nanoTime();
        while (tag[0] < 0) {
            port.receive((buffer, offset, lengthBytes) -> tag[0] = AoeFrame.tag(buffer, offset), 1);
            port.await(PATIENCE_NS / 100);
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "it hears nothing");
        }
        return tag[0];
    }

    private void allHear() throws PortException {
        int tag = broadcast();
        for (RingPort port : ports) {
            assertEquals(tag, hear(port));
        }
    }

    /** One whose end of the group does what it never should. */
    private RingResources join(int slot) throws PortException {
        RingResources parts = RingResources.open(options(slot), new Counters());
        Mailbox mailbox =
                new Mailbox(
                        1514,
                        () -> {
                            throw new IllegalStateException("a defect");
                        });
        AoeAddress address = new AoeAddress(1, slot);
        steering.enter(new Steering.SteeredPort(parts.link(), parts.socket(), address, mailbox));
        return parts;
    }

    /** As a worker does: waits, and receives. */
    private static PortException failureOf(RingPort port) {
        return assertThrows(
                PortException.class,
                () -> {
                    long startNs = System.nanoTime();
                    while (System.nanoTime() - startNs < PATIENCE_NS) {
                        port.await(PATIENCE_NS);
                        port.receive((buffer, offset, lengthBytes) -> {}, 16);
                    }
                });
    }

    @Test
    void whenTheThreadEndsThePortsSaySoAndHearAgainWhenOpenedAnew() throws Exception {
        open(1);
        open(2);
        allHear();
        RingResources third = join(3);
        broadcast();
        for (RingPort port : ports) {
            PortException e = failureOf(port);
            assertTrue(e.getMessage().startsWith("target: "), e.getMessage());
            assertTrue(e.getMessage().contains("a defect"), e.getMessage());
            port.close();
        }
        ports.clear();
        open(1);
        open(2);
        open(4);
        for (int i = 0; i < 3; i++) {
            allHear();
        }
        third.close();
        allHear();
    }

    @Test
    void aClosedSocketTouchesNoOtherThatHasItsNumber() throws Exception {
        PacketSocket closed = PacketSocket.open();
        closed.close();
        try (PacketSocket other = PacketSocket.open()) {
            assertEquals(closed.fd(), other.fd());
            assertRefused(() -> closed.attach(AoeFilter.anyRequest()));
            assertRefused(() -> closed.joinFanout(1));
            assertRefused(() -> closed.steer(SteeringProgram.of(new int[0], new int[0], 0)));
            closed.close();
            assertNotEquals(-1, other.takeError());
            other.tune();
            other.attach(AoeFilter.anyRequest());
        }
    }

    /** Something done with a socket. */
    private interface Deed {
        void run() throws OsException;
    }

    private static void assertRefused(Deed deed) {
        OsException e = assertThrows(OsException.class, deed::run);
        assertEquals(Errno.EBADF, e.errno());
    }
}
