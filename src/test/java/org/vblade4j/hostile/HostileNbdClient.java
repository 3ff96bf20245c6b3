// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.hostile;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A client of {@code aoe nbd} for {@code src/test/soak/hostile} that means ill. It writes nothing
 * whole. Arguments: port on 127.0.0.1, seed, seconds.
 */
public final class HostileNbdClient {
    private static final System.Logger LOG = System.getLogger(HostileNbdClient.class.getName());
    private static final long OPTION_MAGIC = 0x49484156454f5054L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int OPT_EXPORT_NAME = 1;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int FLUSH = 3;
    private static final int MOST_OPEN = 20;

    /** Not that of others, with whom it would share its places. */
    private static final byte[] SOURCE = {127, 0, 0, 66};

    private static final int[] LENGTHS = {0, 1, 512, 1 << 20, 100 << 20, -1, 0xf0000000, 1 << 25};

    private enum Attack {
        SILENCE,
        RANDOM_BYTES,
        RANDOM_OPTIONS,
        IDLE_AFTER_THE_HANDSHAKE,
        FLUSH_WITH_A_LENGTH,
        PAYLOAD_THAT_STOPS,
        REPLIES_THAT_NOBODY_TAKES,
        RANDOM_REQUESTS
    }

    private final int portNumber;
    private final SplittableRandom random;
    private final Map<Attack, Integer> done = new EnumMap<>(Attack.class);

    /** What it keeps open for as long as it may. */
    private final Deque<Socket> open = new ArrayDeque<>();

    private HostileNbdClient(int portNumber, long seed) {
        this.portNumber = portNumber;
        random = new SplittableRandom(seed);
    }

    /** Ends with what it has done. */
    public static void main(String[] args) throws IOException {
        HostileNbdClient client =
                new HostileNbdClient(Integer.parseInt(args[0]), Long.parseLong(args[1]));
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[2]));
        while (System.nanoTime() - endNs < 0) {
            client.converse();
        }
        LOG.log(System.Logger.Level.INFO, "{0}", client.done.toString());
    }

    private void converse() throws IOException {
        Attack attack = Attack.values()[random.nextInt(Attack.values().length)];
        done.merge(attack, 1, Integer::sum);
        Socket socket = new Socket();
        try {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout(2000);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(SOURCE), 0));
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), portNumber), 2000);
            attack(attack, socket);
        } catch (SocketException | SocketTimeoutException | EOFException e) {
            // It was refused or thrown out, as it deserves.
        }
        open.add(socket);
        while (open.size() > MOST_OPEN) {
            open.remove().close();
        }
    }

    private void attack(Attack attack, Socket socket) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        switch (attack) {
            case SILENCE -> {}
            case RANDOM_BYTES -> out.write(bytes(1 + random.nextInt(4096)));
            case RANDOM_OPTIONS -> {
                in.readFully(new byte[18]);
                out.writeInt(3);
                for (int i = 0; i < 8; i++) {
                    out.writeLong(OPTION_MAGIC);
                    out.writeInt(random.nextInt(12));
                    byte[] data = bytes(random.nextInt(300));
                    out.writeInt(random.nextInt(4) == 0 ? random.nextInt() : data.length);
                    out.write(data);
                }
            }
            default -> {
                negotiate(in, out);
                request(attack, out);
            }
        }
        out.flush();
    }

    private void negotiate(DataInputStream in, DataOutputStream out) throws IOException {
        in.readFully(new byte[18]);
        out.writeInt(3); // fixed newstyle, no zeroes
        out.writeLong(OPTION_MAGIC);
        out.writeInt(OPT_EXPORT_NAME);
        out.writeInt(0);
        out.flush();
        in.readFully(new byte[10]);
    }

    private void request(Attack attack, DataOutputStream out) throws IOException {
        switch (attack) {
            case FLUSH_WITH_A_LENGTH -> head(out, FLUSH, 0, length());
            case PAYLOAD_THAT_STOPS -> {
                head(out, WRITE, 0, 32 << 20);
                out.write(bytes(1000));
            }
            case REPLIES_THAT_NOBODY_TAKES -> {
                for (int i = 0; i < 64; i++) {
                    head(out, READ, 0, 1 << 20);
                }
            }
            case RANDOM_REQUESTS -> {
                for (int i = 0; i < 20; i++) {
                    int type = random.nextInt(10);
                    head(out, type == WRITE ? READ : type, random.nextLong(), length());
                }
            }
            default -> {}
        }
    }

    private int length() {
        return LENGTHS[random.nextInt(LENGTHS.length)];
    }

    private void head(DataOutputStream out, int type, long offset, int length) throws IOException {
        out.writeInt(REQUEST_MAGIC);
        out.writeShort(0);
        out.writeShort(type);
        out.writeLong(random.nextLong());
        out.writeLong(offset);
        out.writeInt(length);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
