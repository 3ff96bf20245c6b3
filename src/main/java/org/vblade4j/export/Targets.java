// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.vblade4j.ata.LossPolicy;
import org.vblade4j.config.AccessOptions;
import org.vblade4j.config.BackendLoss;
import org.vblade4j.config.ClientLimits;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Right;
import org.vblade4j.target.AccessList;
import org.vblade4j.target.StationLimits;
import org.vblade4j.target.Stations;
import org.vblade4j.target.TargetSettings;

/** From what is configured to what a target is told. */
final class Targets {
    private Targets() {}

    static TargetSettings settings(ExportSpec spec) {
        BackendLoss loss = spec.options().loss();
        return settings(
                spec,
                new LossPolicy(
                        loss.whenAway() == BackendLoss.Answer.STALL,
                        loss.whenFull() == BackendLoss.Answer.STALL,
                        limitNs(loss)));
    }

    /** Of one that answers every read and write with an error when its store is away. */
    static TargetSettings failing(ExportSpec spec) {
        return settings(spec, LossPolicy.FAIL);
    }

    private static TargetSettings settings(ExportSpec spec, LossPolicy loss) {
        ExportOptions options = spec.options();
        ClientLimits limits = options.limits();
        return new TargetSettings(
                spec.address(),
                options.bufferCount(),
                options.allowedMacs(),
                Identities.of(spec),
                options.io().roundSectors(),
                access(options.access()),
                new StationLimits(
                        limits.requestsPerSecond(),
                        limits.bytesPerSecond(),
                        limits.queriesPerSecond(),
                        limits.unknownBytesPerSecond(),
                        limits.unknownChangesPerSecond()),
                loss,
                RemotePolicies.of(options));
    }

    private static long limitNs(BackendLoss loss) {
        return loss.stallLimit().isZero() ? LossPolicy.NO_LIMIT : loss.stallLimit().toNanos();
    }

    private static AccessList access(AccessOptions options) {
        Map<Long, Integer> stations = new HashMap<>();
        options.stations().forEach(mac -> stations.put(mac, bits(options.rightsOf(mac))));
        return new AccessList(bits(options.byDefault()), stations);
    }

    private static int bits(Set<Right> rights) {
        int bits = AccessList.NONE;
        for (Right right : rights) {
            bits |=
                    switch (right) {
                        case DISCOVER -> AccessList.DISCOVER;
                        case READ -> AccessList.READ;
                        case WRITE -> AccessList.WRITE;
                        case CONFIG -> AccessList.CONFIG;
                    };
        }
        return bits;
    }

    /** The stations that the configuration names. */
    static Set<Long> named(ExportSpec spec) {
        Set<Long> named = new LinkedHashSet<>(spec.options().allowedMacs());
        named.addAll(spec.options().access().stations());
        named.addAll(spec.options().remote().admins());
        return named;
    }

    /** Room for all, and for those that the configuration names at any time. */
    static Stations stations(ExportSpec spec) {
        long[] macs = named(spec).stream().mapToLong(Long::longValue).toArray();
        return new Stations(macs, System::nanoTime);
    }
}
