// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vblade4j.initiator.RemoteIdentity;

/** The page of IDENTIFY DEVICE, decoded (ATA8-ACS §7.16; word 169: ACS-2). */
final class IdentifyFields {
    private static final int VALID_MASK = 0xc000;
    private static final int VALID = 0x4000;
    private static final int CHECKSUM_SIGNATURE = 0xa5;

    private final byte[] page;

    IdentifyFields(byte[] page) {
        this.page = page.clone();
    }

    /** By name, in the order in which people read them. */
    Map<String, Object> values() {
        RemoteIdentity identity = RemoteIdentity.read(page);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("model", identity.model());
        values.put("serial_number", identity.serial());
        values.put("firmware", identity.firmware());
        values.put("sectors", identity.sectors());
        values.put("size_bytes", identity.sectors() * 512);
        values.put("address_bits", identity.extended() ? 48 : 28);
        values.put("physical_sector_bytes", identity.physicalBlockBytes());
        if ((word(84) & 0x0100) != 0 && valid(84)) {
            values.put("world_wide_name", String.format("%016x", wwn()));
        }
        values.put("write_cache", bit(82, 5) && bit(85, 5));
        values.put("flush_cache", valid(83) && bit(83, 12));
        values.put("flush_cache_ext", valid(83) && bit(83, 13));
        values.put("smart_supported", smartSupported());
        values.put("smart_enabled", smartSupported() && bit(85, 0));
        values.put("trim", bit(169, 0));
        values.put("rotation", rotation());
        values.put("checksum", checksum());
        return values;
    }

    /** Word 82 bit 0; all zeros and all ones mean that the word says nothing. */
    boolean smartSupported() {
        return word(82) != 0xffff && bit(82, 0);
    }

    private String rotation() {
        return switch (word(217)) {
            case 0, 0xffff -> "not reported";
            case 1 -> "none";
            default -> word(217) + " rpm";
        };
    }

    private String checksum() {
        if ((word(255) & 0xff) != CHECKSUM_SIGNATURE) {
            return "none";
        }
        int sum = 0;
        for (byte octet : page) {
            sum += octet;
        }
        return (sum & 0xff) == 0 ? "right" : "wrong";
    }

    private long wwn() {
        long name = 0;
        for (int i = 108; i <= 111; i++) {
            name = name << 16 | word(i);
        }
        return name;
    }

    private boolean valid(int word) {
        return (word(word) & VALID_MASK) == VALID;
    }

    private boolean bit(int word, int bit) {
        return (word(word) >> bit & 1) != 0;
    }

    private int word(int word) {
        return (page[2 * word] & 0xff) | (page[2 * word + 1] & 0xff) << 8;
    }
}
