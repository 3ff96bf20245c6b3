// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.metrics;

/**
 * Every count an export keeps, in one place: the name an operator sees, its unit and what it means.
 * Dropped frames are never silent: each class of them has its own line here.
 */
public enum Counter {
    FRAMES_RECEIVED("frames_received", "frames", "frames taken from the interface"),
    FRAMES_SENT("frames_sent", "frames", "frames handed to the interface"),
    KERNEL_DROPS("kernel_drops", "frames", "frames the kernel dropped because the ring was full"),
    FORWARDED_FRAMES(
            "forwarded_frames", "frames", "of those, frames that another socket here took for us"),
    SEND_DROPS("send_drops", "frames", "replies the interface refused; the initiator resends"),
    SLOT_DROPS("slot_drops", "frames", "requests dropped because no reply slot was free"),
    OTHER_HOST_DROPS("other_host_drops", "frames", "frames addressed to another station"),
    VLAN_DROPS("vlan_drops", "frames", "VLAN-tagged frames on an untagged export"),
    LATE_DROPS("late_drops", "frames", "writes that reached another target's socket first"),
    TRUNCATED_DROPS("truncated_drops", "frames", "frames longer than the receive slot"),
    RUNT_DROPS("runt_drops", "frames", "frames too short for their command"),
    FOREIGN_DROPS("foreign_drops", "frames", "frames for another ethertype or address"),
    RESPONSE_DROPS("response_drops", "frames", "frames that are themselves responses"),
    SOURCE_DROPS("source_drops", "frames", "frames from a group, zero or own source address"),
    VENDOR_DROPS("vendor_drops", "frames", "frames with a vendor command, 0xf0 to 0xff"),
    WILDCARD_DROPS("wildcard_drops", "frames", "wildcard requests that could change something"),
    MASKED_DROPS("masked_drops", "frames", "frames from a station that the MAC mask excludes"),
    ACCESS_DROPS("access_drops", "frames", "frames from a station without the right to an answer"),
    FAIR_DROPS("fair_drops", "frames", "frames of a station that takes what others need"),
    RATE_DROPS("rate_drops", "frames", "frames beyond the limits of their station"),
    CONFIG_MISMATCH_DROPS(
            "config_mismatch_drops", "frames", "config test or prefix that did not match"),
    MALFORMED_DROPS("malformed_drops", "frames", "arguments that contradict the frame's length"),
    DUPLICATE_DROPS("duplicate_drops", "frames", "frames identical to one still in progress"),
    STALLED_DROPS(
            "stalled_drops",
            "frames",
            "requests left unanswered: the store is away, or the MTU has just been lowered"),
    ACCESS_REFUSALS(
            "access_refusals",
            "requests",
            "requests refused for want of the right to read or write" + " or change"),
    CHANGE_DROPS("change_drops", "frames", "changes asked for while another was being kept"),
    CHANGES_REFUSED("changes_refused", "requests", "changes that the policy does not allow"),
    FLAG_MISMATCHES(
            "flag_mismatches", "requests", "ATA flags contradicting the command, which decided"),
    PROTOCOL_ERRORS("protocol_errors", "frames", "requests answered with an AoE error"),
    ATA_ERRORS("ata_errors", "requests", "requests answered with an ATA error"),
    STORE_ERRORS("store_errors", "requests", "requests that the store failed"),
    READS("reads", "requests", "read commands answered without error"),
    IN_PLACE_READS("in_place_reads", "requests", "reads sent from the page cache without a copy"),
    READ_SECTORS("read_sectors", "sectors", "sectors read"),
    WRITES("writes", "requests", "write commands answered without error"),
    WRITTEN_SECTORS("written_sectors", "sectors", "sectors written"),
    FLUSHES("flushes", "requests", "flush commands answered without error"),
    IDENTIFIES("identifies", "requests", "IDENTIFY DEVICE commands answered"),
    CONFIG_QUERIES("config_queries", "requests", "Config/Query requests answered"),
    MASK_REQUESTS("mask_requests", "requests", "MAC mask requests answered"),
    RESERVE_REQUESTS("reserve_requests", "requests", "reserve/release requests answered");

    private final String label;
    private final String unit;
    private final String help;

    Counter(String label, String unit, String help) {
        this.label = label;
        this.unit = unit;
        this.help = help;
    }

    /** Lower case with underscores, as in JSON and metrics. */
    public String label() {
        return label;
    }

    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }

    /** True for what was not done as asked: an operator should hear of it. */
    public boolean refusal() {
        return name().endsWith("_DROPS")
                || name().endsWith("_ERRORS")
                || name().endsWith("_MISMATCHES");
    }

    /** True for refusals that belong to a network with more than one target or initiator on it. */
    public boolean routine() {
        return switch (this) {
            case OTHER_HOST_DROPS,
                    FOREIGN_DROPS,
                    RESPONSE_DROPS,
                    CONFIG_MISMATCH_DROPS,
                    DUPLICATE_DROPS ->
                    true;
            default -> false;
        };
    }
}
