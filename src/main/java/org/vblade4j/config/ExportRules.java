// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

/**
 * What the parts of an export may be, wherever they are written. Each check hands the reason to
 * {@code refuse} and answers some valid value when it cannot accept what it is given, so that the
 * remaining parts can be checked too.
 */
final class ExportRules {
    /** With fewer, Linux never brings the device up. */
    static final int MIN_BUFFERS = 2;

    static final int MAX_BUFFERS = 0xffff;

    /** More than a network segment carries; a bound, so that a mistake cannot fill the memory. */
    static final int MAX_MACS = 4096;

    /** So that every byte position is a long. */
    static final long MAX_SECTORS = Long.MAX_VALUE / 512;

    private static final int USUAL_MAX_SLOT = 15;

    /** IFNAMSIZ less its NUL. */
    private static final int MAX_INTERFACE_BYTES = 15;

    private static final String NEVER_IN_INTERFACES = "/: \t\n\u000b\f\r\0";

    private final Consumer<String> refuse;

    ExportRules(Consumer<String> refuse) {
        this.refuse = refuse;
    }

    static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_]+");
    }

    /** What is accepted but most likely not meant. */
    static List<Problem> warnings(ExportSpec spec) {
        List<Problem> warnings = new ArrayList<>();
        int slot = spec.address().slot();
        if (spec.address().shelf() == AoeAddress.LINUX_REFUSED_SHELF) {
            String message = ": the Linux driver ignores targets on shelf 4095";
            warnings.add(new Problem(spec.origin(), spec.name() + message));
        }
        if (slot > USUAL_MAX_SLOT) {
            String message = ": old Linux drivers see slots 0 to 15 only, not slot " + slot;
            warnings.add(new Problem(spec.origin(), spec.name() + message));
        }
        accessWarnings(spec, warnings);
        return warnings;
    }

    /** A host that cannot find the disk, or not read it, cannot use it for anything. */
    private static void accessWarnings(ExportSpec spec, List<Problem> warnings) {
        AccessOptions access = spec.options().access();
        Set<Long> stations = new LinkedHashSet<>(access.stations());
        List<Long> served = spec.options().allowedMacs();
        if (!served.isEmpty()) {
            stations.retainAll(served);
        }
        int useless = 0;
        boolean nobody = access.byDefault().isEmpty();
        for (long station : stations) {
            Set<Right> rights = access.rightsOf(station);
            boolean reads = rights.contains(Right.DISCOVER) && rights.contains(Right.READ);
            useless += rights.contains(Right.WRITE) && !reads ? 1 : 0;
            nobody &= rights.isEmpty();
        }
        if (useless > 0) {
            String message = " stations may write, but not both discover and read";
            warnings.add(new Problem(spec.origin(), spec.name() + ": " + useless + message));
        }
        if (nobody) {
            String message = ": no station has any right, so nobody is served";
            warnings.add(new Problem(spec.origin(), spec.name() + message));
        }
    }

    int shelf(String text) {
        return (int) address("shelf", text, AoeAddress.MAX_SHELF, AoeAddress.WILDCARD_SHELF);
    }

    int slot(String text) {
        return (int) address("slot", text, AoeAddress.MAX_SLOT, AoeAddress.WILDCARD_SLOT);
    }

    private long address(String what, String text, int max, int wildcard) {
        if (text.equals(String.valueOf(wildcard))) {
            String message = what + " '" + text + "' means every " + what + " on the wire";
            refuse.accept(message + "; expected 0 to " + max);
            return 0;
        }
        return decimal(what, text, 0, max);
    }

    int bufferCount(String text) {
        return (int) decimal("buffer count", text, MIN_BUFFERS, MAX_BUFFERS);
    }

    /**
     * A number that vblade reads with atoi(3), which knows no octal: where a leading zero would
     * change the meaning, the number is refused rather than served at another address.
     */
    private long decimal(String what, String text, long min, long max) {
        boolean octal = text.length() > 1 && text.startsWith("0");
        if (octal && text.matches("[0-9]+") && !text.matches("0+[0-7]?")) {
            refuse.accept(
                    what
                            + " '"
                            + text
                            + "' is decimal to vblade and octal elsewhere"
                            + "; expected "
                            + min
                            + " to "
                            + max
                            + " without leading zeros");
            return min;
        }
        return number(what, text, min, max);
    }

    /** A number as strtoll(3) reads it with base 0, but whole and in range. */
    long number(String what, String text, long min, long max) {
        BigInteger number = baseZero(text);
        String expected = "; expected " + min + " to " + max;
        if (number == null) {
            refuse.accept(what + " '" + text + "' is not a number" + expected);
            return min;
        }
        if (number.compareTo(BigInteger.valueOf(min)) < 0
                || number.compareTo(BigInteger.valueOf(max)) > 0) {
            String why =
                    what.equals("buffer count") && number.signum() >= 0 && number.bitLength() < 2
                            ? " is too small for Linux, which never brings such a device up"
                            : " is out of range";
            refuse.accept(what + " '" + text + "'" + why + expected);
            return min;
        }
        return number.longValueExact();
    }

    private static BigInteger baseZero(String text) {
        String sign = text.startsWith("-") ? "-" : "";
        String digits = text.substring(sign.length());
        int radix = 10;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            digits = digits.substring(2);
            radix = 16;
        } else if (digits.startsWith("0")) {
            radix = 8;
        }
        return areDigits(digits, radix) ? new BigInteger(sign + digits, radix) : null;
    }

    private static boolean areDigits(String text, int radix) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || Character.digit(c, radix) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    long sectors(String what, String text) {
        return number(what, text, 0, MAX_SECTORS);
    }

    /** The part of the device that is served must have an end that can be counted. */
    boolean window(long offsetSectors, long lengthSectors) {
        boolean countable = offsetSectors + lengthSectors <= MAX_SECTORS;
        if (!countable) {
            refuse.accept(
                    "offset "
                            + offsetSectors
                            + " plus length "
                            + lengthSectors
                            + " is out of range; expected a sum of at most "
                            + MAX_SECTORS);
        }
        return countable;
    }

    void contradiction(Durability named, Durability flags) {
        refuse.accept(
                named.label()
                        + " contradicts direct and synced, which say "
                        + flags.label()
                        + "; expected only one of the two ways");
    }

    String interfaceName(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        boolean dots = text.equals(".") || text.equals("..");
        if (dots || bytes > MAX_INTERFACE_BYTES || !hasInterfaceCharacters(text)) {
            refuse.accept(
                    "interface '"
                            + text
                            + "' cannot be a network interface's name; expected 1 to "
                            + MAX_INTERFACE_BYTES
                            + " bytes without blanks, '/' and ':'");
        }
        return text;
    }

    private static boolean hasInterfaceCharacters(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (NEVER_IN_INTERFACES.indexOf(text.charAt(i)) >= 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /**
     * A name with a control character is refused: in a line of conf.d a shell would not read it
     * back as it was, and in a line of a log it would forge another one.
     */
    Path device(String text) {
        try {
            if (holdsControlCharacter(text)) {
                refuse.accept(
                        "device '"
                                + text.replaceAll("\\p{Cc}", "?")
                                + "' holds a control character (?); expected a name without any");
            } else if (!text.isEmpty()) {
                return Path.of(text);
            } else {
                refuse.accept("the device is empty; expected a file or block device");
            }
        } catch (InvalidPathException e) {
            refuse.accept("device '" + text + "' cannot be a file name here: " + e.getReason());
        }
        return Path.of("/");
    }

    private static boolean holdsControlCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Configuration files have no current directory. */
    Path absoluteDevice(String text) {
        Path device = device(text);
        if (!text.isEmpty() && !device.isAbsolute()) {
            refuse.accept("device '" + text + "' is relative; expected a path from the root, /...");
        }
        return device;
    }

    /** Repeated addresses count once. Any entry that is no station's address refuses the list. */
    List<Long> macs(List<String> texts) {
        Set<Long> macs = new LinkedHashSet<>();
        for (String text : texts) {
            OptionalLong mac = Mac.parse(text);
            if (mac.isEmpty()) {
                refuse.accept(
                        "MAC '"
                                + text
                                + "' is not an Ethernet address; expected twelve hexadecimal"
                                + " digits, bare or in pairs, 001122aabbcc or 00:11:22:aa:bb:cc");
            } else if (!Mac.isUnicast(mac.getAsLong())) {
                String message = "MAC '" + text + "' is no single station's address";
                refuse.accept(message + "; expected neither a group address nor all zeros");
            } else {
                macs.add(mac.getAsLong());
            }
        }
        if (macs.size() > MAX_MACS) {
            refuse.accept(macs.size() + " MACs are too many; expected at most " + MAX_MACS);
        }
        return List.copyOf(macs);
    }
}
