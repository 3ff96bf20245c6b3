// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.FilterStore;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.Stores;
import org.vblade4j.store.engine.EngineChoice;
import org.vblade4j.testing.FrozenDisk;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.testing.WriteBurst;
import org.vblade4j.wire.AoeAddress;

/** A defect ends an export's thread while the kernel has yet to read what it was given. */
@Tag("live")
@Timeout(90)
@ExtendWith(PrivateNetworkExtension.class)
class DefectLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OLD = 0x11;
    private static final int WRITTEN = 0x22;

    @TempDir Path directory;

    /** The real store, until it is told to throw. */
    private static final class Defective extends FilterStore {
        private volatile RuntimeException defect;

        Defective(BlockStore next) {
            super(next);
        }

        @Override
        public int poll() {
            RuntimeException planted = defect;
            if (planted != null) {
                throw planted;
            }
            return next.poll();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = EngineChoice.class,
            names = {"URING", "THREADS"})
    void memoryOutlivesTheThread(EngineChoice engine, PrivateNetwork network) throws Exception {
        network.veth("target", 0x02_00_00_00_00_14L, "client", 0x02_00_00_00_00_0aL, 1500);
        try (FrozenDisk disk = FrozenDisk.mount(network, directory);
                WriteBurst client = new WriteBurst("client")) {
            Path file = disk.file("disk", WriteBurst.SECTORS, OLD);
            StoreOptions options = new StoreOptions(true, false, false, 0, 0).on(engine, 64);
            AtomicReference<Defective> opened = new AtomicReference<>();
            Export export =
                    start(
                            file,
                            any -> {
                                opened.set(new Defective(Stores.open(file, options)));
                                return opened.get();
                            });
            disk.freeze();
            client.send(ADDRESS, WriteBurst.PAIRS, WRITTEN);
            Counters counters = export.status().orElseThrow().counters();
            long startNs = System.nanoTime();
            while (counters.value(Counter.FRAMES_RECEIVED) < WriteBurst.PAIRS) {
                assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "not taken in");
                Thread.onSpinWait();
            }
            IllegalStateException defect = new IllegalStateException("planted");
            opened.get().defect = defect;
            client.send(ADDRESS, 1, WRITTEN); // wakes it up
            assertFalse(export.awaitEnded(Duration.ofSeconds(7)), "it lives on for its memory");
            assertEquals(
                    "requests in progress on " + file + ", to end by " + defect,
                    export.status().orElseThrow().waitingFor());
            disk.thaw();
            assertTrue(export.awaitEnded(PATIENCE));
            assertSame(defect, export.failure().orElseThrow());
            WriteBurst.check(file, WriteBurst.PAIRS, WRITTEN);
        }
    }

    /** The store is opened after the claim, which finds others that write to the file. */
    private static Export start(Path file, StoreOpener stores) throws InterruptedException {
        ExportSpec spec =
                new ExportSpec(
                        "a",
                        ADDRESS,
                        "target",
                        file,
                        new ExportOptions(64, true, false, false, List.of(), 0, 0),
                        new Origin("test", 1));
        Export.Listener listener =
                new Export.Listener() {
                    @Override
                    public void started(Export started) {}

                    @Override
                    public void ended(Export ended, Throwable cause) {}
                };
        Export export = Export.start(spec, stores, new RingPorts(), 64, listener);
        assertTrue(export.awaitStarted(PATIENCE));
        return export;
    }
}
