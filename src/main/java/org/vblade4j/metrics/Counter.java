// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.metrics;

/**
 * Every count an export keeps, in one place: the name an operator sees, its unit and what it means.
 * Dropped frames are never silent: each class of them has its own line here.
 */
public enum Counter {
    FRAMES_RECEIVED(Kind.TRAFFIC, "frames_received", "frames", "frames taken from the interface"),
    FRAMES_SENT(Kind.TRAFFIC, "frames_sent", "frames", "frames handed to the interface"),
    KERNEL_DROPS(
            Kind.ERROR,
            "kernel_drops",
            "frames",
            "frames the kernel dropped because the ring was full"),
    FORWARDED_FRAMES(
            Kind.TRAFFIC,
            "forwarded_frames",
            "frames",
            "of those, frames that another socket here took for us"),
    MAILBOX_DROPS(
            Kind.ERROR,
            "mailbox_drops",
            "frames",
            "frames for all targets dropped because too many waited for this one"),
    SEND_DROPS(
            Kind.ERROR,
            "send_drops",
            "frames",
            "replies the interface refused; the initiator resends"),
    SLOT_DROPS(
            Kind.ERROR, "slot_drops", "frames", "requests dropped because no reply slot was free"),
    OTHER_HOST_DROPS(
            Kind.ROUTINE, "other_host_drops", "frames", "frames addressed to another station"),
    VLAN_DROPS(Kind.REFUSAL, "vlan_drops", "frames", "VLAN-tagged frames on an untagged export"),
    LATE_DROPS(
            Kind.REFUSAL,
            "late_drops",
            "frames",
            "writes that reached another target's socket first"),
    TRUNCATED_DROPS(
            Kind.REFUSAL, "truncated_drops", "frames", "frames longer than the receive slot"),
    RUNT_DROPS(Kind.REFUSAL, "runt_drops", "frames", "frames too short for their command"),
    FOREIGN_DROPS(
            Kind.ROUTINE, "foreign_drops", "frames", "frames for another ethertype or address"),
    RESPONSE_DROPS(
            Kind.ROUTINE, "response_drops", "frames", "frames that are themselves responses"),
    SOURCE_DROPS(
            Kind.REFUSAL,
            "source_drops",
            "frames",
            "frames from a group, zero or own source address"),
    VENDOR_DROPS(
            Kind.REFUSAL, "vendor_drops", "frames", "frames with a vendor command, 0xf0 to 0xff"),
    WILDCARD_DROPS(
            Kind.REFUSAL,
            "wildcard_drops",
            "frames",
            "wildcard requests that do more than ask who is there"),
    MASKED_DROPS(
            Kind.REFUSAL,
            "masked_drops",
            "frames",
            "frames from a station that the MAC mask excludes"),
    ACCESS_DROPS(
            Kind.REFUSAL,
            "access_drops",
            "frames",
            "frames from a station without the right to an answer"),
    FAIR_DROPS(
            Kind.REFUSAL,
            "fair_drops",
            "frames",
            "frames of a station that takes what others need"),
    RATE_DROPS(Kind.REFUSAL, "rate_drops", "frames", "frames beyond the limits of their station"),
    CONFIG_MISMATCH_DROPS(
            Kind.ROUTINE,
            "config_mismatch_drops",
            "frames",
            "config test or prefix that did not match"),
    MALFORMED_DROPS(
            Kind.REFUSAL,
            "malformed_drops",
            "frames",
            "arguments that contradict the frame's length"),
    DUPLICATE_DROPS(
            Kind.ROUTINE, "duplicate_drops", "frames", "frames identical to one still in progress"),
    STALLED_DROPS(
            Kind.ERROR,
            "stalled_drops",
            "frames",
            "requests left unanswered: the store is away, or the MTU has just been lowered"),
    ACCESS_REFUSALS(
            Kind.REFUSAL,
            "access_refusals",
            "requests",
            "requests refused for want of the right to read or write" + " or change"),
    CHANGE_DROPS(
            Kind.REFUSAL,
            "change_drops",
            "frames",
            "changes asked for while another was being kept"),
    CHANGES_REFUSED(
            Kind.REFUSAL, "changes_refused", "requests", "changes that the policy does not allow"),
    FLAG_MISMATCHES(
            Kind.REFUSAL,
            "flag_mismatches",
            "requests",
            "ATA flags contradicting the command, which decided"),
    PROTOCOL_ERRORS(Kind.ERROR, "protocol_errors", "frames", "requests answered with an AoE error"),
    ATA_ERRORS(Kind.ERROR, "ata_errors", "requests", "requests answered with an ATA error"),
    STORE_ERRORS(Kind.ERROR, "store_errors", "requests", "requests that the store failed"),
    READS(Kind.TRAFFIC, "reads", "requests", "read commands answered without error"),
    IN_PLACE_READS(
            Kind.TRAFFIC,
            "in_place_reads",
            "requests",
            "reads sent from the page cache without a copy"),
    READ_SECTORS(Kind.TRAFFIC, "read_sectors", "sectors", "sectors read"),
    WRITES(Kind.TRAFFIC, "writes", "requests", "write commands answered without error"),
    WRITTEN_SECTORS(Kind.TRAFFIC, "written_sectors", "sectors", "sectors written"),
    FLUSHES(Kind.TRAFFIC, "flushes", "requests", "flush commands answered without error"),
    IDENTIFIES(Kind.TRAFFIC, "identifies", "requests", "IDENTIFY DEVICE commands answered"),
    CONFIG_QUERIES(Kind.TRAFFIC, "config_queries", "requests", "Config/Query requests answered"),
    MASK_REQUESTS(Kind.TRAFFIC, "mask_requests", "requests", "MAC mask requests answered"),
    RESERVE_REQUESTS(
            Kind.TRAFFIC, "reserve_requests", "requests", "reserve/release requests answered");

    private final Kind kind;
    private final String label;
    private final String unit;
    private final String help;

    Counter(Kind kind, String label, String unit, String help) {
        this.kind = kind;
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

    public Kind kind() {
        return kind;
    }

    /** What an operator is to make of a count that grows. */
    public enum Kind {
        /** Nothing: it was served as asked. */
        TRAFFIC,

        /** Not done, as is usual on a network with more than one target or initiator on it. */
        ROUTINE,

        /** Not done as asked, because whoever asked may not, or asked wrongly. */
        REFUSAL,

        /** Not done, because something failed or was short. */
        ERROR
    }
}
