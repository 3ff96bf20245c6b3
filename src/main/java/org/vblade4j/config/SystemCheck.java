// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the machine has what a configuration speaks of, at this moment and for this user. Looks
 * only; that a device can really be opened shows when its export starts.
 */
public final class SystemCheck {
    private static final int SECTOR_BYTES = 512;
    private static final int TYPE_MASK = 0xf000; // S_IFMT, inode(7)
    private static final int BLOCK = 0x6000;
    private static final String EXPECTED = "; expected a regular file or a block device";

    /**
     * The interfaces of the calling thread's network namespace. Neither {@code /sys}, which may
     * show another namespace, nor {@code NetworkInterface}, which knows only those with an IP
     * address.
     */
    private static final Path INTERFACES = Path.of("/proc/thread-self/net/dev");

    private final List<Problem> problems = new ArrayList<>();
    private Set<String> interfaces;

    private SystemCheck() {}

    /** Empty when the export could be started. */
    public static List<Problem> problems(ExportSpec spec) {
        return problems(List.of(spec));
    }

    /** In the order of the exports, all with the interfaces that there were at one moment. */
    public static List<Problem> problems(List<ExportSpec> exports) {
        SystemCheck check = new SystemCheck();
        for (ExportSpec spec : exports) {
            check.add(spec, check.interfaceProblem(spec.interfaceName()));
            Optional<String> device = deviceProblem(spec.device(), spec.options());
            if (device.isPresent()) {
                check.add(spec, Optional.of("device '" + spec.device() + "' " + device.get()));
            }
        }
        return check.problems;
    }

    private void add(ExportSpec spec, Optional<String> message) {
        if (message.isPresent()) {
            problems.add(new Problem(spec.origin(), spec.name() + ": " + message.get()));
        }
    }

    private Optional<String> interfaceProblem(String name) {
        try {
            if (interfaces == null) {
                interfaces = interfaces();
            }
        } catch (IOException e) {
            return Optional.of("interfaces cannot be listed: " + e);
        }
        if (interfaces.contains(name)) {
            return Optional.empty();
        }
        String all = String.join(", ", interfaces);
        return Optional.of("interface '" + name + "' does not exist; expected one of " + all);
    }

    private static Set<String> interfaces() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readString(INTERFACES).split("\n")) {
            int colon = line.indexOf(':');
            if (colon >= 0) {
                names.add(line.substring(0, colon).strip());
            }
        }
        return names;
    }

    private static Optional<String> deviceProblem(Path device, ExportOptions options) {
        try {
            BasicFileAttributes found = Files.readAttributes(device, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                int type = (int) Files.getAttribute(device, "unix:mode") & TYPE_MASK;
                if (type != BLOCK) {
                    return Optional.of("is " + kind(type) + EXPECTED);
                }
            }
            if (!Files.isReadable(device)) {
                return Optional.of("may not be read by this user");
            }
            if (!options.readOnly() && !Files.isWritable(device)) {
                return Optional.of("may not be written by this user; expected that, or -r");
            }
            return found.isRegularFile() ? sizeProblem(found.size(), options) : Optional.empty();
        } catch (NoSuchFileException e) {
            boolean dangling = Files.isSymbolicLink(device);
            String what = dangling ? "is a link to a file that does not exist" : "does not exist";
            return Optional.of(what + EXPECTED);
        } catch (AccessDeniedException e) {
            return Optional.of("is in a directory that this user may not enter");
        } catch (IOException e) {
            return Optional.of("cannot be examined: " + e.getMessage());
        }
    }

    /** The size of a block device is known only when it is open. */
    private static Optional<String> sizeProblem(long bytes, ExportOptions options) {
        long sectors = bytes / SECTOR_BYTES;
        long available = sectors - options.offsetSectors();
        if (sectors == 0) {
            return Optional.of("holds " + bytes + " bytes; expected at least one sector, 512");
        }
        if (available <= 0) {
            return Optional.of(
                    "holds "
                            + sectors
                            + " sectors; expected more than the offset, "
                            + options.offsetSectors());
        }
        if (options.lengthSectors() > available) {
            return Optional.of(
                    "holds "
                            + available
                            + " sectors behind the offset; expected the length, "
                            + options.lengthSectors());
        }
        return Optional.empty();
    }

    private static String kind(int type) {
        return switch (type) {
            case 0x4000 -> "a directory";
            case 0x2000 -> "a character device";
            case 0x1000 -> "a FIFO";
            case 0xc000 -> "a socket";
            default -> "no file that holds sectors";
        };
    }
}
