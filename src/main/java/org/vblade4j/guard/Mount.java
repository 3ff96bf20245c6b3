// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mounted file system: a line of mountinfo, proc(5).
 *
 * @param id unlike all others of the machine, whatever the namespace
 * @param parent the mount that it is mounted on
 * @param numbers of its device, {@code 8:1}: the same wherever a file system is mounted, and not
 *     always what stat(2) tells of a file on it
 * @param point where it is mounted
 * @param type as in {@code ext4}
 * @param source as in {@code /dev/sda1}
 */
record Mount(long id, long parent, String numbers, String point, String type, String source) {
    /** Looking at a file there waits for no server: the kernel alone answers. */
    private static final Set<String> LOCAL_TYPES =
            Set.of(
                    "bcachefs",
                    "btrfs",
                    "devtmpfs",
                    "erofs",
                    "exfat",
                    "ext2",
                    "ext3",
                    "ext4",
                    "f2fs",
                    "iso9660",
                    "jfs",
                    "nilfs2",
                    "ntfs3",
                    "ramfs",
                    "reiserfs",
                    "rootfs",
                    "squashfs",
                    "tmpfs",
                    "udf",
                    "vfat",
                    "xfs",
                    "zfs");

    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
    private static final int FIRST_OPTIONAL_FIELD = 6;

    /** Empty for a line that is none of mountinfo. */
    static Optional<Mount> parse(String line) {
        List<String> fields = List.of(line.split(" "));
        int separator = fields.indexOf("-");
        if (separator < FIRST_OPTIONAL_FIELD || separator + 2 >= fields.size()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Mount(
                            Long.parseLong(fields.get(0)),
                            Long.parseLong(fields.get(1)),
                            fields.get(2),
                            plain(fields.get(4)),
                            fields.get(separator + 1),
                            plain(fields.get(separator + 2))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The kernel writes a blank as {@code \040}. */
    static String plain(String field) {
        return field.indexOf('\\') < 0 ? field : ESCAPE.matcher(field).replaceAll(Mount::character);
    }

    private static String character(MatchResult escape) {
        char c = (char) Integer.parseInt(escape.group(1), 8);
        return Matcher.quoteReplacement(String.valueOf(c));
    }

    boolean local() {
        return LOCAL_TYPES.contains(type);
    }

    boolean sameFileSystem(Mount other) {
        return numbers.equals(other.numbers);
    }
}
