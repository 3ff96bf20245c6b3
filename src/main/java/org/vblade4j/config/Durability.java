// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/** What an answered write is worth: names for the combinations of {@code -d} and {@code -s}. */
public enum Durability {
    /** In the page cache: safe from a crash of ours, lost with the power. As vblade does. */
    CACHED(false, false),
    /** On the medium ({@code -s}). */
    SYNCED(false, true),
    /** With the disk, past the page cache; its own cache may hold it back ({@code -d}). */
    DIRECT(true, false),
    /** Past the page cache and on the medium ({@code -d -s}). */
    DIRECT_SYNCED(true, true);

    private final boolean direct;
    private final boolean synced;

    Durability(boolean direct, boolean synced) {
        this.direct = direct;
        this.synced = synced;
    }

    /** The name of a combination. */
    public static Durability of(boolean direct, boolean synced) {
        return direct ? (synced ? DIRECT_SYNCED : DIRECT) : synced ? SYNCED : CACHED;
    }

    boolean direct() {
        return direct;
    }

    boolean synced() {
        return synced;
    }

    /** As it is written in settings and shown. */
    public String label() {
        return SettingsNode.label(this);
    }
}
