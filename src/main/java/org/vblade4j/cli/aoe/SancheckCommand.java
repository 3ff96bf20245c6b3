// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.PathProbe;
import org.vblade4j.initiator.RemoteIdentity;
import org.vblade4j.initiator.TargetControl;
import org.vblade4j.net.ring.Nic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "sancheck",
        description = {
            "Check all paths to all targets, and print as aoe-sancheck does: the interfaces, the"
                    + " devices with the stations and interfaces that lead to them, and what does"
                    + " not fit together.",
            "Frames of every size are tried in both directions: what really gets through counts."
                    + " Exit status 1 when there is a warning."
        })
final class SancheckCommand extends AoeTool {
    private static final long IDENTIFY_NS = TimeUnit.SECONDS.toNanos(1);

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long to listen for targets; default ${DEFAULT-VALUE}.")
    private double timeoutSeconds;

    @Option(
            names = {"-v", "--verbose"},
            description = "Also print, by interface, how many sectors get through to each station.")
    private boolean verbose;

    @Override
    void checkUsage() {
        nanoseconds("--timeout", timeoutSeconds);
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        List<SancheckPath> paths = probed(initiator);
        List<SancheckDevice> devices = SancheckDevice.group(paths);
        if (json()) {
            devices.forEach(device -> printJson(device.values()));
        } else {
            interfaces(initiator);
            devices(devices);
            if (verbose) {
                details(initiator, paths);
            }
        }
        boolean good = devices.stream().allMatch(device -> device.warnings().isEmpty());
        return good ? ExitStatus.OK : ExitStatus.REFUSED;
    }

    private List<SancheckPath> probed(Initiator initiator) throws IOException {
        List<DiskPath> found = initiator.discover(nanoseconds("--timeout", timeoutSeconds));
        long[] sizes = initiator.sizes(found, IDENTIFY_NS);
        List<SancheckPath> paths = new ArrayList<>();
        long startNs = System.nanoTime();
        int unasked = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 0) {
                paths.add(new SancheckPath(found.get(i), 0));
            } else if (System.nanoTime() - startNs < ASKING_NS) {
                paths.add(new SancheckPath(found.get(i), probe(found.get(i))));
            } else {
                unasked++;
            }
        }
        tellOfUnasked(unasked);
        tellOfLeftOut(initiator);
        return paths;
    }

    /** 0 where nothing gets through. */
    private static int probe(DiskPath path) throws IOException {
        RemoteIdentity identity;
        try {
            identity = RemoteIdentity.read(new TargetControl(path, IDENTIFY_NS).identify());
        } catch (IOException e) {
            return 0;
        }
        return new PathProbe(path, identity).sectors();
    }

    private void heading(String title) {
        out().println("=".repeat(42));
        out().println(title);
        out().println("=".repeat(42));
    }

    /** Those that are used; the original shows the others too, and so do we without -i. */
    private void interfaces(Initiator initiator) throws IOException {
        heading("INTERFACE SUMMARY");
        out().println("Name\tStatus\tMTU\tPCI ID");
        for (Nic nic : Nic.all()) {
            if (network().everywhere() || uses(initiator, nic)) {
                String status = nic.up() ? "UP" : "DN";
                String pci = PciId.of(nic.name());
                out().println(nic.name() + "\t" + status + "\t" + nic.mtuBytes() + "\t" + pci);
            }
        }
    }

    private static boolean uses(Initiator initiator, Nic nic) {
        return initiator.members().stream().anyMatch(member -> member.name().equals(nic.name()));
    }

    private void devices(List<SancheckDevice> devices) {
        heading("DEVICE SUMMARY");
        out().println("Device\tMacs\tPayload\tLocal Interfaces");
        for (SancheckDevice device : devices) {
            out().println(device.line());
            device.warnings().forEach(warning -> out().println("   " + warning));
        }
    }

    private void details(Initiator initiator, List<SancheckPath> paths) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        initiator.members().forEach(member -> lines.put(member.name(), new ArrayList<>()));
        for (SancheckPath path : paths) {
            lines.get(path.interfaceName())
                    .add(
                            path.path().target().address()
                                    + " "
                                    + path.bareMac()
                                    + " "
                                    + path.sectors());
        }
        lines.forEach(
                (name, found) -> {
                    out().println(name + ":");
                    found.forEach(out()::println);
                    out().println();
                });
    }
}
