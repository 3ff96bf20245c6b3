// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import static org.vblade4j.peers.Request.CLIENT_MAC;
import static org.vblade4j.peers.Request.LBA48;
import static org.vblade4j.peers.Request.STRANGER_MAC;
import static org.vblade4j.peers.Request.ata;
import static org.vblade4j.peers.Request.command;
import static org.vblade4j.peers.Request.config;
import static org.vblade4j.peers.Request.mask;
import static org.vblade4j.peers.Request.read;
import static org.vblade4j.peers.Request.read28;
import static org.vblade4j.peers.Request.reserve;
import static org.vblade4j.peers.Request.write;
import static org.vblade4j.peers.Request.write28;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.vblade4j.wire.Mac;

/**
 * The frames that matter, by hand. Left out on purpose are those whose answer depends on what the C
 * program's buffers held before: a config string or a list longer than the frame that claims it.
 */
final class OracleCases {
    private static final int READ = 0;
    private static final int TEST = 1;
    private static final int PREFIX = 2;
    private static final int SET = 3;
    private static final int FORCE_SET = 4;
    private static final long LAST = OracleCase.SECTORS - 1;

    private OracleCases() {}

    static Stream<OracleCase> all() {
        return Stream.of(
                header(),
                versions(),
                strangeAddresses(),
                wildcards(),
                lengths(),
                commands(),
                configString(),
                configLimits(),
                identify(),
                reads(),
                writes(),
                readOnly(),
                beyondTheEnd(),
                above28Bits(),
                otherOpcodes(),
                reservations(),
                reservationEffects(),
                masks());
    }

    static byte[] data(int sectors, int seed) {
        byte[] data = new byte[sectors * 512];
        new Random(seed).nextBytes(data);
        return data;
    }

    private static OracleCase header() {
        return OracleCase.of("header")
                .then("config read", config(READ, ""))
                .then("other shelf", config(READ, "").address(2, 1))
                .then("other slot", config(READ, "").address(1, 2))
                .then("response", config(READ, "").set(14, 0x18))
                .then("response to a read", read(0, 1).set(14, 0x18))
                .then("other ethertype", config(READ, "").set(12, 0x88, 0xa3))
                .then("request with error flag", read(0, 1).set(14, 0x14))
                .then("request with error code", read(0, 1).set(15, 9))
                .then("request with reserved bits", read(0, 1).set(14, 0x13))
                .raw("tag 0", read(0, 1).tag(0))
                .raw("tag of ones", read(0, 1).tag(-1))
                .raw("tag of the kernel", read(0, 1).tag(0x1234_5678));
    }

    private static OracleCase versions() {
        return OracleCase.of("versions")
                .then("version 0", read(0, 1).set(14, 0x00))
                .then("version 2", read(0, 1).set(14, 0x20))
                .then("version 2 config", config(READ, "").set(14, 0x20))
                .then("version 15 write", write(0, 1, data(1, 1)).set(14, 0xf0));
    }

    private static OracleCase strangeAddresses() {
        return OracleCase.of("addresses")
                .then("to another host", read(0, 1).to(STRANGER_MAC))
                .then("to a group", read(0, 1).to(0x0100_5e00_0001L))
                .then("read by broadcast", read(0, 1).to(Mac.BROADCAST))
                .then("config to one host", config(READ, "").to(Request.TARGET_MAC))
                .then("from a group", read(0, 1).from(0x0100_5e00_0001L))
                .then("from broadcast", read(0, 1).from(Mac.BROADCAST))
                .then("from zero", read(0, 1).from(0))
                .then("from another client", read(0, 1).from(STRANGER_MAC));
    }

    private static OracleCase wildcards() {
        byte[] data = data(1, 2);
        return OracleCase.of("wildcards")
                .then("config both", config(READ, "").address(0xffff, 0xff))
                .then("config shelf", config(READ, "").address(0xffff, 1))
                .then("config slot", config(READ, "").address(1, 0xff))
                .then("config other shelf", config(READ, "").address(2, 0xff))
                .then("config test", config(TEST, "").address(0xffff, 0xff))
                .then("config prefix", config(PREFIX, "").address(0xffff, 0xff))
                .then("read", read(3, 1).address(0xffff, 0xff))
                .then("identify", ata(0xec, 1).address(0xffff, 0xff))
                .then("write", write(3, 1, data).address(0xffff, 0xff))
                .then("mask read", mask(0).address(0xffff, 0xff))
                .then("reserve read", reserve(0).address(0xffff, 0xff))
                .then("reserve set", reserve(1, CLIENT_MAC).address(0xffff, 0xff))
                .then("config set", config(SET, "all").address(0xffff, 0xff));
    }

    private static OracleCase lengths() {
        OracleCase lengths = OracleCase.of("lengths");
        IntStream.of(14, 15, 18, 20, 23, 24, 28, 35)
                .forEach(n -> lengths.raw("ata of " + n, ata(0xec, 1).length(n)));
        IntStream.of(24, 31).forEach(n -> lengths.then("config of " + n, config(0, "").length(n)));
        IntStream.of(24, 27).forEach(n -> lengths.then("mask of " + n, mask(0).length(n)));
        IntStream.of(24, 25).forEach(n -> lengths.then("reserve of " + n, reserve(0).length(n)));
        return lengths.then("unpadded identify", ata(0xec, 1).length(36))
                .then("identify and 1000 more", ata(0xec, 1).length(1036))
                .then("read with a payload", read(5, 2).length(36 + 1024))
                .then("config padded to 60", config(READ, "").length(60))
                .then("mask padded to 60", mask(0).length(60))
                .then("reserve padded to 60", reserve(0).length(60))
                .then("write and 100 more", write(5, 1, data(1, 3)).length(36 + 612));
    }

    private static OracleCase commands() {
        return OracleCase.of("commands")
                .then("command 7", command(7, 0))
                .then("command 4 and more", command(4, 100))
                .then("command ef", command(0xef, 36))
                .then("vendor f0", command(0xf0, 36))
                .then("vendor ff", command(0xff, 36));
    }

    private static OracleCase configString() {
        return OracleCase.of("config")
                .then("test of nothing on nothing", config(TEST, ""))
                .then("prefix of nothing on nothing", config(PREFIX, ""))
                .then("test on nothing", config(TEST, "a"))
                .then("prefix on nothing", config(PREFIX, "a"))
                .then("set", config(SET, "abc"))
                .then("read", config(READ, ""))
                .then("set the same", config(SET, "abc"))
                .then("set another", config(SET, "xyz"))
                .then("set nothing", config(SET, ""))
                .then("test hits", config(TEST, "abc"))
                .then("test of a part", config(TEST, "ab"))
                .then("test of more", config(TEST, "abcd"))
                .then("test of another", config(TEST, "abd"))
                .then("prefix hits", config(PREFIX, "ab"))
                .then("prefix of all", config(PREFIX, "abc"))
                .then("prefix of more", config(PREFIX, "abcd"))
                .then("prefix of nothing", config(PREFIX, ""))
                .then("force set", config(FORCE_SET, "xyz\0\033[1m"))
                .then("read again", config(READ, ""))
                .then("force set nothing", config(FORCE_SET, ""))
                .then("read nothing", config(READ, ""))
                .then("set after clearing", config(SET, "new"));
    }

    private static OracleCase configLimits() {
        return OracleCase.of("config limits")
                .then("operation 5", config(5, ""))
                .then("operation 9", config(9, "abc"))
                .then("operation 15", config(15, ""))
                .then("read that claims 1024", config(READ, "").set(30, 4, 0))
                .then("read that claims 65535", config(READ, "").set(30, 0xff, 0xff))
                .then("target version bits in a request", config(READ, "").set(29, 0x10))
                .then("force set 1024", config(FORCE_SET, "x".repeat(1024)))
                .then("read 1024", config(READ, ""))
                .then("prefix of 1023", config(PREFIX, "x".repeat(1023)))
                .then("force set 1025", config(FORCE_SET, "y".repeat(1025)))
                .then("test 1025", config(TEST, "x".repeat(1025)))
                .then("read still 1024", config(READ, ""));
    }

    private static OracleCase identify() {
        return OracleCase.of("identify")
                .then("identify", ata(0xec, 1))
                .then("identify with the extended flag", ata(LBA48, 1, 0xec, 0, new byte[0]))
                .then("identify of 0", ata(0xec, 0))
                .then("identify of 2", ata(0xec, 2));
    }

    private static OracleCase reads() {
        return OracleCase.of("reads")
                .then("x1", read(0, 1))
                .then("x2", read(1, 2))
                .then("x0", read(0, 0))
                .then("x3", read(0, 3))
                .then("x255", read(0, 255))
                .then("28 bit x1", read28(7, 1))
                .then("28 bit x2", read28(LAST - 1, 2))
                .then("28 bit x0", read28(LAST - 1, 0))
                .then("28 bit with the extended flag", ata(LBA48, 1, 0x20, 7, new byte[0]))
                .then("48 bit without the flag", ata(0, 1, 0x24, 7, new byte[0]))
                .then("high lba without the flag", ata(0, 1, 0x24, 1L << 30, new byte[0]))
                .then("with the write flag", ata(LBA48 | 1, 1, 0x24, 7, new byte[0]))
                .then("with the async flag", ata(LBA48 | 2, 1, 0x24, 7, new byte[0]))
                .then("with the device flag", ata(LBA48 | 0x10, 1, 0x24, 7, new byte[0]))
                .then("with a feature", read(7, 1).set(25, 0x55))
                .then("with reserved bytes", read(7, 1).set(34, 0xff, 0xff));
    }

    private static OracleCase writes() {
        return OracleCase.of("writes")
                .then("x1", write(4, 1, data(1, 4)))
                .then("read x1", read(4, 1))
                .then("x2", write(8, 2, data(2, 5)))
                .then("read x2", read(8, 2))
                .then("x0", write(10, 0, new byte[0]))
                .then("28 bit", write28(20, 2, data(2, 6)))
                .then("28 bit last", write28(LAST, 1, data(1, 7)))
                .then("last", write(LAST, 1, data(1, 8)))
                .then("one byte short", write(30, 1, data(1, 9)).length(36 + 511))
                .then("one sector short", write(30, 2, data(1, 9)))
                .then("nothing", write(30, 1, new byte[0]))
                .then("x3", write(30, 3, data(2, 9)))
                .then("without the write flag", ata(LBA48, 1, 0x34, 40, data(1, 10)))
                .then("with the async flag", ata(LBA48 | 3, 1, 0x34, 41, data(1, 11)))
                .then("read after all", read(30, 2));
    }

    private static OracleCase readOnly() {
        return OracleCase.readOnly("read-only")
                .then("read", read(0, 2))
                .then("write", write(0, 1, data(1, 12)))
                .then("28 bit write", write28(0, 1, data(1, 12)))
                .then("write x0", write(0, 0, new byte[0]))
                .then("write past the end", write(LAST + 1, 1, data(1, 12)))
                .then("identify", ata(0xec, 1));
    }

    private static OracleCase beyondTheEnd() {
        return OracleCase.of("end")
                .then("read last", read(LAST, 1))
                .then("read over the end", read(LAST, 2))
                .then("read past the end", read(LAST + 1, 1))
                .then("read x0 past the end", read(LAST + 1, 0))
                .then("read at 2^48-1", read((1L << 48) - 1, 1))
                .then("read x2 at 2^48-1", read((1L << 48) - 1, 2))
                .then("28 bit read past the end", read28(LAST + 1, 1))
                .then("28 bit read at 2^28-1", read28((1L << 28) - 1, 2))
                .then("write over the end", write(LAST, 2, data(2, 13)))
                .then("write past the end", write(LAST + 1, 1, data(1, 13)))
                .then("28 bit write past the end", write28(LAST + 1, 1, data(1, 13)))
                .then("read last again", read(LAST, 1));
    }

    private static OracleCase above28Bits() {
        long lba = (1L << 28) + 3;
        return OracleCase.large("large", (1L << 28) + 16)
                .then("write above 2^28", write(lba, 2, data(2, 14)))
                .then("read above 2^28", read(lba, 2))
                .then("read below stays zero", read(3, 2))
                .then("28 bit read last it can name", read28((1L << 28) - 1, 1))
                .then("28 bit read over what it can name", read28((1L << 28) - 1, 2))
                .then("identify", ata(0xec, 1))
                .then("read last", read(lba + 12, 1))
                .then("read past the end", read(lba + 13, 1));
    }

    private static OracleCase otherOpcodes() {
        OracleCase opcodes =
                OracleCase.of("opcodes")
                        .then("flush", ata(0xe7, 0))
                        .then("flush ext", ata(LBA48, 0, 0xea, 0, new byte[0]))
                        .then("check power", ata(0xe5, 0))
                        .then("check power x1", ata(0xe5, 1));
        List<Integer> unknown = new ArrayList<>(List.of(0x00, 0x06, 0x25, 0x27, 0x2f, 0x35, 0x40));
        unknown.addAll(List.of(0x42, 0x92, 0xb0, 0xc8, 0xca, 0xe0, 0xef, 0xf4, 0xf8, 0xff));
        for (int opcode : unknown) {
            opcodes.then(String.format(Locale.ROOT, "opcode %02x", opcode), ata(opcode, 0));
        }
        return opcodes.then("opcode with data", ata(LBA48 | 1, 1, 0x35, 9, data(1, 15)));
    }

    private static OracleCase reservations() {
        return OracleCase.of("reserve")
                .then("read nothing", reserve(0))
                .then("set self", reserve(1, CLIENT_MAC))
                .then("read one", reserve(0))
                .then("read by a stranger", reserve(0).from(STRANGER_MAC))
                .then("set by a stranger", reserve(1, STRANGER_MAC).from(STRANGER_MAC))
                .then("release by a stranger", reserve(1).from(STRANGER_MAC))
                .then("set two", reserve(1, CLIENT_MAC, STRANGER_MAC))
                .then("read two", reserve(0))
                .then("release", reserve(1))
                .then("force by a stranger", reserve(2, STRANGER_MAC).from(STRANGER_MAC))
                .then("set against the force", reserve(1, CLIENT_MAC))
                .then("force release", reserve(2))
                .then("operation 3", reserve(3))
                .then("operation 255", reserve(255, CLIENT_MAC))
                .then("more than is there", reserve(1, CLIENT_MAC).set(25, 200))
                .then("read after all", reserve(0));
    }

    private static OracleCase reservationEffects() {
        OracleCase effects = OracleCase.of("reserved").then("set", reserve(1, CLIENT_MAC));
        effects.then("holder reads", read(0, 1))
                .then("holder writes", write(0, 1, data(1, 16)))
                .then("read", read(0, 1).from(STRANGER_MAC))
                .then("28 bit read", read28(0, 1).from(STRANGER_MAC))
                .then("write", write(0, 1, data(1, 17)).from(STRANGER_MAC))
                .then("flush", ata(0xe7, 0).from(STRANGER_MAC))
                .then("check power", ata(0xe5, 0).from(STRANGER_MAC))
                .then("unknown opcode", ata(0xb0, 0).from(STRANGER_MAC))
                .then("identify", ata(0xec, 1).from(STRANGER_MAC))
                .then("config", config(READ, "").from(STRANGER_MAC))
                .then("config set", config(SET, "s").from(STRANGER_MAC))
                .then("mask read", mask(0).from(STRANGER_MAC));
        return effects.then("release", reserve(1)).then("freed", read(0, 1).from(STRANGER_MAC));
    }

    /** At most two addresses, none deleted: with more the C program loses count or its life. */
    private static OracleCase masks() {
        return OracleCase.of("mask")
                .then("read nothing", mask(0))
                .then("operation 2", mask(2))
                .then("edit nothing", mask(1))
                .then("add self", mask(1, 1, CLIENT_MAC))
                .then("read one", mask(0))
                .then("add self again", mask(1, 1, CLIENT_MAC))
                .then("no operation", mask(1, 0, STRANGER_MAC))
                .then("delete a missing one", mask(1, 2, STRANGER_MAC))
                .then("config by a stranger", config(READ, "").from(STRANGER_MAC))
                .then("read by a stranger", read(0, 1).from(STRANGER_MAC))
                .then("mask read by a stranger", mask(0).from(STRANGER_MAC))
                .then("bad directive after a good one", mask(1, 1, STRANGER_MAC, 9, CLIENT_MAC))
                .then("read two", mask(0))
                .then("config by an admitted one", config(READ, "").from(STRANGER_MAC));
    }
}
