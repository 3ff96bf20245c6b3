// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ConfigException;
import org.vblade4j.control.Answer;
import org.vblade4j.control.ControlClient;
import org.vblade4j.control.ControlServer;
import org.vblade4j.control.OperationException;
import org.vblade4j.export.ExportLauncher;
import org.vblade4j.export.LanClient;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;

/** Files, sockets, threads and interfaces, all real. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class SupervisorLiveTest {
    private static final long SILENCE_NS = 100_000_000L;
    private static final long PAUSE_NS = 20_000_000L;
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final AoeAddress A = new AoeAddress(0, 1);
    private static final AoeAddress B = new AoeAddress(0, 2);

    @TempDir Path directory;

    private Path disk(String name) throws IOException {
        return Files.write(directory.resolve(name), new byte[64 * 512]);
    }

    private Supervisor open(String... lines) throws IOException, ConfigException {
        Path confd = Files.write(directory.resolve("confd"), List.of(lines));
        Path settings = directory.resolve("vblade4j.conf");
        Files.writeString(
                settings, "vblade4j.daemon { respawn-delay = 100 ms, respawn-max = 0 }\n");
        return Supervisor.open(
                directory.resolve("run"),
                new ConfigFiles(confd, settings, true),
                new SupervisedExports(new ExportLauncher()));
    }

    private static EthernetPort client(String link) throws PortException {
        return new RingPorts().open(PortOptions.forInitiator(link, 64, 64), new Counters());
    }

    private static Map<String, Object> row(Supervisor supervisor, String name)
            throws OperationException {
        return supervisor.status(List.of(name)).get(0);
    }

    @Test
    void missingDeviceIsTriedUntilItAppearsWhileTheOtherServes(PrivateNetwork network)
            throws Exception {
        network.veth("target", 0x0200_0000_0014L, "client", 0x0200_0000_000aL, 1500);
        Path missing = directory.resolve("missing");
        try (Supervisor supervisor =
                        open(
                                "config_a=\"0 1 target " + disk("present") + "\"",
                                "config_b=\"0 2 target " + missing + "\"");
                EthernetPort port = client("client")) {
            LanClient client = new LanClient(port);
            OperationException e = assertThrows(OperationException.class, supervisor::takeUp);
            assertTrue(e.getMessage().startsWith("b: " + missing), e.getMessage());
            for (int i = 0; i < 5; i++) {
                assertNotNull(client.query(A));
                assertNull(client.query(B, SILENCE_NS));
            }
            assertTrue((long) row(supervisor, "b").get("restarts") >= 1);

            disk("missing");
            long startNs = System.nanoTime();
            while (client.query(B, SILENCE_NS) == null) {
                assertNotNull(client.query(A));
                assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "b never came up");
            }
            assertEquals("started", row(supervisor, "b").get("state"));
            assertEquals(0L, row(supervisor, "a").get("restarts"));

            supervisor.stop(List.of("a"));
            assertNull(client.query(A, SILENCE_NS));
            assertNotNull(client.query(B));
        }
    }

    @Test
    void removedInterfaceIsWaitedForWhileTheOtherServes(PrivateNetwork network) throws Exception {
        network.veth("target", 0x0200_0000_0014L, "client", 0x0200_0000_000aL, 1500);
        network.veth("other", 0x0200_0000_0024L, "outside", 0x0200_0000_001aL, 1500);
        try (Supervisor supervisor =
                        open(
                                "config_a=\"0 1 target " + disk("a") + "\"",
                                "config_b=\"0 2 other " + disk("b") + "\"");
                EthernetPort port = client("client")) {
            supervisor.takeUp();
            LanClient client = new LanClient(port);
            network.delete("other");
            awaitWaitingFor(supervisor, client, "interface other: no such network interface");
            network.veth("other", 0x0200_0000_0024L, "outside", 0x0200_0000_001aL, 1500);
            awaitWaitingFor(supervisor, client, "");
            assertEquals("started", row(supervisor, "b").get("state"));
            assertEquals(0L, row(supervisor, "b").get("restarts"));
            try (EthernetPort outside = client("outside")) {
                assertNotNull(new LanClient(outside).query(B));
            }
        }
    }

    /** Of b, while a goes on answering. */
    private static void awaitWaitingFor(Supervisor supervisor, LanClient client, String what)
            throws Exception {
        long startNs = System.nanoTime();
        while (!row(supervisor, "b").get("waiting_for").equals(what)) {
            assertNotNull(client.query(A));
            client.announcement(PAUSE_NS); // queries are limited, and nothing is said unasked
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "b: not waiting: " + what);
        }
    }

    @Test
    void commandsOverTheSocketReachRealExports(PrivateNetwork network) throws Exception {
        network.veth("target", 0x0200_0000_0014L, "client", 0x0200_0000_000aL, 1500);
        Path socket = directory.resolve("s");
        try (Supervisor supervisor = open("config_a=\"0 1 target " + disk("a") + "\"");
                ControlServer server = new ControlServer(socket, supervisor);
                EthernetPort port = client("client")) {
            server.start();
            supervisor.takeUp();
            LanClient asker = new LanClient(port);
            assertNotNull(asker.query(A));
            ControlClient control = new ControlClient(socket);
            Map<String, Object> row = control.call("status", "a").parsedRows().get(0);
            assertEquals("started", row.get("state"));
            assertEquals(1, ((Map<?, ?>) row.get("counters")).get("config_queries"));
            assertEquals("02:00:00:00:00:14", row.get("mac"));

            Map<String, Object> seen = control.call("clients", "a").parsedRows().get(0);
            assertEquals("02:00:00:00:00:0a", seen.get("mac"));
            assertEquals(1, seen.get("discovers"));

            Answer answer = control.call("start-with", "b", "-r 0 2 target " + disk("b"));
            assertEquals(new Answer(List.of(), 0, ""), answer);
            assertNotNull(asker.query(B));
            assertEquals(
                    "O_RDONLY", control.call("status", "b").parsedRows().get(0).get("open_mode"));
            assertEquals(1, control.call("start-with", "c", "0 2 target /dev/x").status());
            assertEquals(2, control.call("dump").rows().size());

            assertTrue(control.call("shutdown").ok());
            supervisor.ended().join();
            assertNull(asker.query(A, SILENCE_NS));
            assertNull(asker.query(B, SILENCE_NS));
        }
    }
}
