// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a target on the wire, written {@code eSHELF.SLOT} (AoEr11 §2: major and minor).
 * The all-ones values of both fields are wildcards in requests and never a target's own address.
 *
 * @param shelf 0 to 65534
 * @param slot 0 to 254
 */
public record AoeAddress(int shelf, int slot) implements Comparable<AoeAddress> {
    public static final int WILDCARD_SHELF = 0xffff;
    public static final int WILDCARD_SLOT = 0xff;
    public static final int MAX_SHELF = WILDCARD_SHELF - 1;
    public static final int MAX_SLOT = WILDCARD_SLOT - 1;

    /** Linux's aoe driver refuses this shelf ("check dip switches"). */
    public static final int LINUX_REFUSED_SHELF = 0xfff;

    public AoeAddress {
        if (shelf < 0 || shelf > MAX_SHELF) {
            throw new IllegalArgumentException("shelf " + shelf + ", expected 0 to " + MAX_SHELF);
        }
        if (slot < 0 || slot > MAX_SLOT) {
            throw new IllegalArgumentException("slot " + slot + ", expected 0 to " + MAX_SLOT);
        }
    }

    /** Reads {@code e1.2} or {@code 1.2}; empty when it is not an address a target may have. */
    public static Optional<AoeAddress> parse(String text) {
        Matcher matcher = Written.PATTERN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int shelf = Integer.parseInt(matcher.group(1));
        int slot = Integer.parseInt(matcher.group(2));
        return shelf > MAX_SHELF || slot > MAX_SLOT
                ? Optional.empty()
                : Optional.of(new AoeAddress(shelf, slot));
    }

    /** True when a request sent to these header values is meant for this target, wildcards too. */
    public boolean accepts(int major, int minor) {
        return (major == shelf || major == WILDCARD_SHELF)
                && (minor == slot || minor == WILDCARD_SLOT);
    }

    @Override
    public int compareTo(AoeAddress other) {
        return shelf != other.shelf
                ? Integer.compare(shelf, other.shelf)
                : Integer.compare(slot, other.slot);
    }

    @Override
    public String toString() {
        return "e" + shelf + "." + slot;
    }

    /** Made only where an address is read: most programs are given shelf and slot as numbers. */
    private static final class Written {
        static final Pattern PATTERN = Pattern.compile("e?(\\d{1,5})\\.(\\d{1,3})");
    }
}
