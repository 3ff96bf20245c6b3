// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fixed newstyle negotiation with one client. Everything the client says has a limit. */
final class Handshake {
    private static final int MAX_OPTION_BYTES = NbdExport.MAX_STRING_BYTES + 1024;
    private static final int MAX_OPTIONS = 64;
    private static final int OPTION_HEAD_BYTES = 16;
    private static final int REPLY_HEAD_BYTES = 20;
    private static final int EXPORT_NAME_ZEROES = 124;

    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final NbdExport export;
    private final long sizeBytes;
    private final StartTls startTls;
    private final ByteBuffer received = ByteBuffer.allocate(MAX_OPTION_BYTES);
    private final ByteBuffer reply = ByteBuffer.allocate(2 * NbdExport.MAX_STRING_BYTES);
    private boolean structured;
    private boolean noZeroes;
    private boolean plainRefused;

    /** Has both channels go through TLS from now on. */
    interface StartTls {
        void run() throws IOException;
    }

    /**
     * @param startTls null when there is none; otherwise nothing is said about the export before
     */
    Handshake(
            ReadableByteChannel in,
            WritableByteChannel out,
            NbdExport export,
            long sizeBytes,
            StartTls startTls) {
        this.startTls = startTls;
        this.in = in;
        this.out = out;
        this.export = export;
        this.sizeBytes = sizeBytes;
    }

    /** Whether replies to reads are to be structured; after {@link #run}. */
    boolean structured() {
        return structured;
    }

    /** It has asked for something without TLS, and was told that it cannot have that. */
    boolean plainRefused() {
        return plainRefused;
    }

    /**
     * Negotiates.
     *
     * @return false when the client wants no more
     * @throws ProtocolException it is no client, or not one for this server
     */
    boolean run() throws IOException {
        reply.clear();
        reply.putLong(Nbd.NBDMAGIC).putLong(Nbd.IHAVEOPT);
        reply.putShort((short) (Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES));
        send();
        receive(Integer.BYTES);
        int flags = received.getInt();
        if ((flags & ~(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES)) != 0) {
            throw new ProtocolException("unknown client flags " + Integer.toHexString(flags));
        }
        noZeroes = (flags & Nbd.FLAG_NO_ZEROES) != 0;
        int options = 0;
        boolean secure = startTls == null;
        while (!secure && options++ < MAX_OPTIONS) {
            int option = option();
            if (option == Nbd.OPT_ABORT) {
                answer(option, Nbd.REP_ACK);
                return false;
            }
            secure = secured(option);
        }
        while (options++ < MAX_OPTIONS) {
            int option = option();
            switch (option) {
                case Nbd.OPT_EXPORT_NAME -> {
                    exportName();
                    return true;
                }
                case Nbd.OPT_ABORT -> {
                    answer(option, Nbd.REP_ACK);
                    return false;
                }
                case Nbd.OPT_LIST -> list();
                case Nbd.OPT_STRUCTURED_REPLY -> structuredReply();
                case Nbd.OPT_STARTTLS ->
                        answer(option, startTls == null ? Nbd.REP_ERR_UNSUP : Nbd.REP_ERR_INVALID);
                case Nbd.OPT_INFO -> describe(option);
                case Nbd.OPT_GO -> {
                    if (describe(option)) {
                        return true;
                    }
                }
                default -> answer(option, Nbd.REP_ERR_UNSUP);
            }
        }
        throw new ProtocolException("more than " + MAX_OPTIONS + " options");
    }

    /** Receives an option with its data. */
    private int option() throws IOException {
        receive(OPTION_HEAD_BYTES);
        if (received.getLong() != Nbd.IHAVEOPT) {
            throw new ProtocolException("no option where one was expected");
        }
        int option = received.getInt();
        int length = received.getInt();
        if (length < 0 || length > MAX_OPTION_BYTES) {
            throw new ProtocolException("option " + option + " is too long");
        }
        receive(length);
        return option;
    }

    /** An option before there is TLS; true when there is from now on. */
    private boolean secured(int option) throws IOException {
        if (option == Nbd.OPT_STARTTLS) {
            boolean valid = !received.hasRemaining();
            answer(option, valid ? Nbd.REP_ACK : Nbd.REP_ERR_INVALID);
            if (valid) {
                startTls.run();
            }
            return valid;
        }
        plainRefused = true;
        if (option == Nbd.OPT_EXPORT_NAME) {
            throw new ProtocolException("no STARTTLS, which this server requires");
        }
        byte[] why = "this server requires TLS".getBytes(StandardCharsets.US_ASCII);
        head(option, Nbd.REP_ERR_TLS_REQD, why.length);
        reply.put(why);
        send();
        return false;
    }

    /** The old way in: no answer but the export itself, no refusal but the end. */
    private void exportName() throws IOException {
        if (!known(rest())) {
            throw new ProtocolException("no such export");
        }
        reply.clear();
        reply.putLong(sizeBytes).putShort((short) export.flags(structured));
        if (!noZeroes) {
            reply.put(new byte[EXPORT_NAME_ZEROES]);
        }
        send();
    }

    private void list() throws IOException {
        if (received.hasRemaining()) {
            answer(Nbd.OPT_LIST, Nbd.REP_ERR_INVALID);
            return;
        }
        byte[] name = export.name().getBytes(StandardCharsets.UTF_8);
        head(Nbd.OPT_LIST, Nbd.REP_SERVER, Integer.BYTES + name.length);
        reply.putInt(name.length).put(name);
        send();
        answer(Nbd.OPT_LIST, Nbd.REP_ACK);
    }

    private void structuredReply() throws IOException {
        boolean valid = !received.hasRemaining();
        structured |= valid;
        answer(Nbd.OPT_STRUCTURED_REPLY, valid ? Nbd.REP_ACK : Nbd.REP_ERR_INVALID);
    }

    /** INFO and GO; true when the client may go on to transmission. */
    private boolean describe(int option) throws IOException {
        if (received.remaining() < Integer.BYTES + Short.BYTES) {
            answer(option, Nbd.REP_ERR_INVALID);
            return false;
        }
        int nameBytes = received.getInt();
        if (nameBytes < 0 || nameBytes > received.remaining() - Short.BYTES) {
            answer(option, Nbd.REP_ERR_INVALID);
            return false;
        }
        byte[] name = new byte[nameBytes];
        received.get(name);
        int count = received.getShort() & 0xffff;
        if (received.remaining() != count * Short.BYTES) {
            answer(option, Nbd.REP_ERR_INVALID);
            return false;
        }
        if (nameBytes > NbdExport.MAX_STRING_BYTES) {
            answer(option, Nbd.REP_ERR_TOO_BIG);
            return false;
        }
        if (!known(name)) {
            answer(option, Nbd.REP_ERR_UNKNOWN);
            return false;
        }
        List<Integer> wanted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            wanted.add(received.getShort() & 0xffff);
        }
        sendInfo(option, wanted);
        answer(option, Nbd.REP_ACK);
        return true;
    }

    private void sendInfo(int option, List<Integer> wanted) throws IOException {
        head(option, Nbd.REP_INFO, 12);
        reply.putShort((short) Nbd.INFO_EXPORT);
        reply.putLong(sizeBytes).putShort((short) export.flags(structured));
        send();
        head(option, Nbd.REP_INFO, 14);
        reply.putShort((short) Nbd.INFO_BLOCK_SIZE).putInt(NbdExport.MIN_BLOCK_BYTES);
        reply.putInt(Math.min(export.preferredBytes(), NbdExport.ASKED_BLOCK_BYTES));
        reply.putInt(NbdExport.ASKED_BLOCK_BYTES);
        send();
        if (wanted.contains(Nbd.INFO_NAME)) {
            sendText(option, Nbd.INFO_NAME, export.name());
        }
        if (wanted.contains(Nbd.INFO_DESCRIPTION)) {
            sendText(option, Nbd.INFO_DESCRIPTION, export.description());
        }
    }

    private void sendText(int option, int type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        head(option, Nbd.REP_INFO, Short.BYTES + bytes.length);
        reply.putShort((short) type).put(bytes);
        send();
    }

    private byte[] rest() {
        byte[] rest = new byte[received.remaining()];
        received.get(rest);
        return rest;
    }

    private boolean known(byte[] name) {
        String asked = new String(name, StandardCharsets.UTF_8);
        return asked.isEmpty() || asked.equals(export.name());
    }

    private void answer(int option, int type) throws IOException {
        head(option, type, 0);
        send();
    }

    private void head(int option, int type, int lengthBytes) {
        reply.clear().limit(REPLY_HEAD_BYTES + lengthBytes);
        reply.putLong(Nbd.REPLY_MAGIC).putInt(option).putInt(type).putInt(lengthBytes);
    }

    private void send() throws IOException {
        reply.flip();
        Wire.writeFully(out, reply);
    }

    private void receive(int lengthBytes) throws IOException {
        received.clear().limit(lengthBytes);
        Wire.readFully(in, received);
        received.flip();
    }
}
