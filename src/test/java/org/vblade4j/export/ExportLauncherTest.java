// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.config.PortSettings;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.wire.AoeAddress;

@Timeout(60)
class ExportLauncherTest {
    private static final Export.Listener NOBODY =
            new Export.Listener() {
                @Override
                public void started(Export started) {}

                @Override
                public void ended(Export ended, Throwable cause) {}
            };

    @TempDir Path directory;

    @Test
    void startsThatFailAtOnceDoNotCrowdLaterExports() throws Exception {
        MemoryLan lan = new MemoryLan();
        AtomicInteger failures = new AtomicInteger(20);
        AtomicInteger frames = new AtomicInteger();
        ExportLauncher launcher =
                new ExportLauncher(
                        kind -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            return (options, counters) -> {
                                if (options.accept() == PortOptions.Accept.REQUESTS) {
                                    frames.set(options.receiveFrames());
                                }
                                return lan.connect(options, 0x02_00_00_00_00_14L, 1500, counters);
                            };
                        });
        Path file = Files.write(directory.resolve("disk"), new byte[64 * 512]);
        ExportSpec spec =
                new ExportSpec(
                        "a",
                        new AoeAddress(1, 1),
                        "lan",
                        file,
                        ExportOptions.DEFAULTS,
                        new Origin("test", 1));
        for (int i = 0; i < 20; i++) {
            assertThrows(
                    OutOfMemoryError.class,
                    () -> launcher.start(spec, PortSettings.DEFAULTS, NOBODY));
        }
        Export export = launcher.start(spec, PortSettings.DEFAULTS, NOBODY);
        assertTrue(export.awaitStarted(Duration.ofSeconds(20)));
        assertEquals(512, frames.get(), "as one of few");
        export.stop();
        assertTrue(export.awaitEnded(Duration.ofSeconds(20)));
    }
}
