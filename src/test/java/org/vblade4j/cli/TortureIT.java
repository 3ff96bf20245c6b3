// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.testing.VbladeProcess;
import org.vblade4j.wire.AoeAddress;

/** {@code aoe torture} as its user calls it, against the C program. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class TortureIT {
    private static final int SECTORS = 1024;

    @TempDir Path directory;
    private VbladeProcess vblade;

    @BeforeEach
    void serve(PrivateNetwork network) throws Exception {
        network.veth("target", 0x0200_0000_0014L, "client", 0x0200_0000_000aL, 1500);
        Path image = Files.write(directory.resolve("disk"), new byte[SECTORS * 512]);
        vblade = VbladeProcess.serve(new AoeAddress(7, 3), "target", image);
    }

    @AfterEach
    void stop() {
        vblade.close();
    }

    private static Cli.Result torture(String... words) {
        String[] all = new String[words.length + 4];
        all[0] = "aoe";
        all[1] = "torture";
        all[2] = "-i";
        all[3] = "client";
        System.arraycopy(words, 0, all, 4, words.length);
        return Cli.run(all);
    }

    @Test
    void itsFiguresAreSaidAndItsRangeIsKept() throws Exception {
        Cli.Result result =
                torture(
                        "--overwrite",
                        "--json",
                        "--seconds",
                        "1",
                        "--seed",
                        "5",
                        "--offset",
                        "100",
                        "--length",
                        "200",
                        "--hosts",
                        "4",
                        "--burst",
                        "300",
                        "e7.3");
        assertEquals(0, result.status(), result.toString());
        assertEquals("e7.3 on client: sectors 100 to 299, 4 hosts, seed 5", result.err().strip());
        Config figures = ConfigFactory.parseString(result.out());
        assertEquals("nothing wrong", figures.getString("result"));
        assertTrue(figures.getBoolean("complete"), result.toString());
        assertEquals(4, figures.getInt("hosts"));
        assertTrue(figures.getInt("checked_sectors") > 400, result.toString());
        byte[] disk = Files.readAllBytes(directory.resolve("disk"));
        for (int sector = 0; sector < SECTORS; sector++) {
            byte[] data = Arrays.copyOfRange(disk, sector * 512, sector * 512 + 512);
            boolean written = !Arrays.equals(data, new byte[512]);
            assertEquals(sector >= 100 && sector < 300, written, "sector " + sector);
        }
    }

    @Test
    void withoutLeaveOrWithoutRoomNothingIsWritten() throws Exception {
        for (String[] words :
                new String[][] {
                    {"e7.3"},
                    {"--overwrite", "--length", "63", "e7.3"},
                    {"--overwrite", "--offset", "900", "--length", "200", "e7.3"},
                    {"--overwrite", "--offset", "5000", "e7.3"},
                    {"--overwrite", "--hosts", "33", "e7.3"},
                    {"--overwrite", "--burst", "1", "e7.3"},
                    {"--overwrite", "--seconds", "0", "e7.3"},
                    {"--overwrite", "--pattern", "nonsense", "e7.3"},
                }) {
            assertEquals(2, torture(words).status(), String.join(" ", words));
        }
        assertEquals(4, torture("--overwrite", "e7.4").status());
        for (byte one : Files.readAllBytes(directory.resolve("disk"))) {
            assertEquals(0, one);
        }
    }
}
