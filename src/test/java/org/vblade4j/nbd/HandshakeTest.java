// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.store.MemoryStore;

@Timeout(60)
class HandshakeTest {
    private static final int SECTORS = 100;
    private static final NbdExport EXPORT = new NbdExport("e1.1", "a test", false, 4096);

    @TempDir Path directory;

    private ServedStore served;
    private NbdClient client;

    @BeforeEach
    void connect() throws IOException {
        served = new ServedStore(directory, MemoryStore.heap(SECTORS), false);
        client = new NbdClient(served.address(), 3);
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        served.close();
    }

    private void expect(int option, int type) throws IOException {
        NbdClient.OptionReply reply = client.optionReply();
        assertEquals(option, reply.option());
        assertEquals(Integer.toHexString(type), Integer.toHexString(reply.type()));
    }

    @Test
    void listNamesTheExport() throws IOException {
        client.option(Nbd.OPT_LIST, new byte[0]);
        byte[] expected = {0, 0, 0, 4, 'e', '1', '.', '1'};
        assertArrayEquals(expected, client.optionReply().data());
        expect(Nbd.OPT_LIST, Nbd.REP_ACK);
        client.option(Nbd.OPT_LIST, new byte[1]);
        expect(Nbd.OPT_LIST, Nbd.REP_ERR_INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 5, 9, 10, 11, 77, -1})
    void whatItDoesNotKnowItSaysSoAndGoesOn(int option) throws IOException {
        client.option(option, new byte[100]);
        expect(option, Nbd.REP_ERR_UNSUP);
        client.option(Nbd.OPT_ABORT, new byte[0]);
        expect(Nbd.OPT_ABORT, Nbd.REP_ACK);
        assertTrue(client.atEnd());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "e1.1"})
    void infoTellsSizeFlagsBlocksAndWhatIsAskedFor(String name) throws IOException {
        client.option(Nbd.OPT_INFO, NbdClient.info(name, Nbd.INFO_NAME, Nbd.INFO_DESCRIPTION, 99));
        ByteBuffer export = ByteBuffer.wrap(client.optionReply().data());
        assertEquals(Nbd.INFO_EXPORT, export.getShort());
        assertEquals(SECTORS * 512, export.getLong());
        int flags = Nbd.HAS_FLAGS | Nbd.SEND_FLUSH | Nbd.SEND_FUA | Nbd.SEND_WRITE_ZEROES;
        assertEquals(flags | Nbd.CAN_MULTI_CONN | Nbd.SEND_FAST_ZERO, export.getShort());
        ByteBuffer blocks = ByteBuffer.wrap(client.optionReply().data());
        assertEquals(Nbd.INFO_BLOCK_SIZE, blocks.getShort());
        assertEquals(512, blocks.getInt());
        assertEquals(4096, blocks.getInt());
        assertEquals(1 << 20, blocks.getInt());
        assertEquals("\0\1e1.1", text(client.optionReply()));
        assertEquals("\0\2a test", text(client.optionReply()));
        expect(Nbd.OPT_INFO, Nbd.REP_ACK);
        client.option(Nbd.OPT_GO, NbdClient.info(name));
    }

    private static String text(NbdClient.OptionReply reply) {
        return new String(reply.data(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void malformedQuestionsAreRefusedAndTheNextIsHeard() throws IOException {
        byte[][] wrong = {
            {},
            {0, 0, 0, 0, 0},
            {0, 0, 0, 9, 'x', 0, 0},
            {-1, -1, -1, -1, 0, 0},
            {0, 0, 0, 0, 0, 2, 0, 0},
            {0, 0, 0, 0, 0, 0, 0},
        };
        for (byte[] data : wrong) {
            client.option(Nbd.OPT_GO, data);
            expect(Nbd.OPT_GO, Nbd.REP_ERR_INVALID);
        }
        client.option(Nbd.OPT_GO, NbdClient.info("e1.2"));
        expect(Nbd.OPT_GO, Nbd.REP_ERR_UNKNOWN);
        client.option(Nbd.OPT_INFO, NbdClient.info("x".repeat(4097)));
        expect(Nbd.OPT_INFO, Nbd.REP_ERR_TOO_BIG);
        client.option(Nbd.OPT_STRUCTURED_REPLY, new byte[1]);
        expect(Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ERR_INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void exportNameIsTheOldWayIn(int clientFlags) throws IOException {
        try (NbdClient old = new NbdClient(served.address(), clientFlags)) {
            old.option(Nbd.OPT_EXPORT_NAME, "e1.1".getBytes(StandardCharsets.US_ASCII));
            ByteBuffer reply = old.receive(clientFlags == 1 ? 134 : 10);
            assertEquals(SECTORS * 512, reply.getLong());
            old.request(0, Nbd.CMD_READ, 7, 0, 512, new byte[0]);
            assertEquals(new NbdClient.Reply(7, 0, -1, null).error(), old.reply(512).error());
        }
        client.option(Nbd.OPT_EXPORT_NAME, "other".getBytes(StandardCharsets.US_ASCII));
        assertTrue(client.atEnd());
    }

    @Test
    void whoTalksNonsenseIsDropped() throws IOException {
        client.send(ByteBuffer.allocate(64));
        assertTrue(client.atEnd());
        try (NbdClient flags = new NbdClient(served.address(), 4)) {
            assertTrue(flags.atEnd());
        }
        try (NbdClient huge = new NbdClient(served.address(), 3)) {
            ByteBuffer head = ByteBuffer.allocate(16).putLong(Nbd.IHAVEOPT).putInt(Nbd.OPT_GO);
            huge.send(head.putInt(0x7fff_ffff));
            assertTrue(huge.atEnd());
        }
        try (NbdClient talker = new NbdClient(served.address(), 3)) {
            for (int i = 0; i < 64; i++) {
                talker.option(99, new byte[0]);
                talker.optionReply();
            }
            assertTrue(talker.atEnd());
        }
    }

    /** Nothing a client sends can do more than end its connection. */
    @Property(tries = 2000)
    void anyBytesEndInAnAnswerOrAnException(@ForAll @Size(max = 200) byte[] bytes) {
        runAgainst(ByteBuffer.allocate(4 + bytes.length).putInt(3).put(bytes).array());
    }

    /** The same, past the magic numbers, which chance never finds. */
    @Property(tries = 2000)
    void anyOptionsEndInAnAnswerOrAnException(
            @ForAll @Size(max = 8) byte[] options, @ForAll @Size(max = 40) byte[] data) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + options.length * (16 + data.length)).putInt(3);
        for (byte option : options) {
            int cut = data.length == 0 ? 0 : (option & 0xff) % data.length;
            bytes.putLong(Nbd.IHAVEOPT).putInt(option & 0xf).putInt(cut).put(data, 0, cut);
        }
        int length = bytes.position();
        byte[] sent = new byte[length];
        bytes.get(0, sent);
        runAgainst(sent);
    }

    private static void runAgainst(byte[] sent) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Handshake handshake =
                new Handshake(
                        Channels.newChannel(new ByteArrayInputStream(sent)),
                        Channels.newChannel(out),
                        EXPORT,
                        512,
                        null);
        try {
            handshake.run();
        } catch (IOException e) {
            assertTrue(out.size() >= 18);
        }
        assertTrue(out.size() < 64 * 200, "no amplification");
    }
}
