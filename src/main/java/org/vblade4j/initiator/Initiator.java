// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.Nic;
import org.vblade4j.net.ring.PortsWaiter;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.wire.AoeAddress;

/**
 * The way into this package: a set of interfaces on which targets are found and disks connected.
 *
 * <pre>{@code
 * try (Initiator network = Initiator.open("eth0", "eth1");
 *         RemoteDisk disk = network.connect(new AoeAddress(1, 0));
 *         InputStream data = Channels.newInputStream(new DiskChannel(disk))) {
 *     data.transferTo(System.out);
 * }
 * }</pre>
 *
 * <p>Everything happens on the calling thread, one at a time: a disk uses the ports while it is
 * polled, and what else comes by meanwhile is dropped. So connect a disk a set, or take turns.
 */
public final class Initiator implements AutoCloseable {
    /** Who asks everybody gets many answers at once. */
    static final int RECEIVE_FRAMES = 1024;

    /** All answers that a disk's frames can have; few, so that they stay in a cache. */
    private static final int DISK_RECEIVE_FRAMES = DiskSettings.MAX_WINDOW;

    private static final int SLOTS = 256;
    private static final int QUERIES = 4;
    private static final long FIND_NS = TimeUnit.SECONDS.toNanos(2);

    /** After the first answer for an address, others may come. */
    private static final long OTHERS_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Comparator<DiskPath> ORDER =
            Comparator.comparing((DiskPath path) -> path.target().address())
                    .thenComparing(DiskPath::interfaceName)
                    .thenComparing(path -> path.target().mac());

    /**
     * One open interface.
     *
     * @param name the interface's
     */
    public record Member(String name, EthernetPort port) {}

    private final List<Member> members;
    private final PortsWaiter waiter;
    private long leftOut;

    private Initiator(List<Member> members) {
        this.members = List.copyOf(members);
        waiter = new PortsWaiter(members.stream().map(Member::port).toList());
    }

    /**
     * Opens the interfaces named, or without a name all Ethernet interfaces that are up.
     *
     * @throws PortException one cannot be opened, or there is none
     */
    public static Initiator open(String... interfaceNames) throws PortException {
        return open(new RingPorts(), List.of(interfaceNames));
    }

    /** As {@link #open(String...)}, with ports of the caller's choice. */
    public static Initiator open(PortFactory ports, List<String> interfaceNames)
            throws PortException {
        return open(ports, interfaceNames, RECEIVE_FRAMES);
    }

    /**
     * As {@link #open(PortFactory, List)}, for moving much data to or from one disk. Of the answers
     * to a {@link #discover} that very many targets give at once, some may be lost.
     */
    public static Initiator openForDisk(PortFactory ports, List<String> interfaceNames)
            throws PortException {
        return open(ports, interfaceNames, DISK_RECEIVE_FRAMES);
    }

    private static Initiator open(PortFactory ports, List<String> interfaceNames, int receiveFrames)
            throws PortException {
        List<String> names = interfaceNames.isEmpty() ? allUp() : interfaceNames;
        List<Member> members = new ArrayList<>();
        try {
            for (String name : names.stream().distinct().toList()) {
                PortOptions options = PortOptions.forInitiator(name, receiveFrames, SLOTS);
                members.add(new Member(name, ports.open(options, new Counters())));
            }
        } catch (PortException e) {
            members.forEach(member -> member.port().close());
            throw e;
        }
        return new Initiator(members);
    }

    private static List<String> allUp() throws PortException {
        List<String> names = Nic.allUp().stream().map(Nic::name).toList();
        if (names.isEmpty()) {
            throw new PortException("no Ethernet interface is up");
        }
        return names;
    }

    /** The interfaces, in the order named. */
    public List<Member> members() {
        return members;
    }

    /** For messages: {@code eth0, eth1 (down), eth2 (no carrier)}. */
    public String names() {
        List<Nic> nics;
        try {
            nics = Nic.all();
        } catch (PortException e) {
            nics = List.of(); // names alone will do
        }
        List<Nic> known = nics;
        return members.stream()
                .map(member -> name(member, known))
                .collect(Collectors.joining(", "));
    }

    private static String name(Member member, List<Nic> nics) {
        for (Nic nic : nics) {
            if (nic.name().equals(member.name()) && !nic.running()) {
                return nic.name() + (nic.up() ? " (no carrier)" : " (down)");
            }
        }
        return member.name();
    }

    /** Every target that answers on any interface within the time, by address and interface. */
    public List<DiskPath> discover(long timeoutNs) throws PortException {
        return ask(AoeAddress.WILDCARD_SHELF, AoeAddress.WILDCARD_SLOT, timeoutNs, timeoutNs);
    }

    /** All ways to one address: ends a moment after the first answer. */
    public List<DiskPath> find(AoeAddress address, long timeoutNs) throws PortException {
        return ask(address.shelf(), address.slot(), timeoutNs, OTHERS_NS);
    }

    /**
     * Finds a target and uses all paths to it.
     *
     * @throws NoTargetException nobody answers for the address
     * @throws IOException it does not identify itself, or several disks have the address
     */
    public RemoteDisk connect(AoeAddress address) throws IOException {
        return connect(address, DiskSettings.DEFAULTS);
    }

    /** As {@link #connect(AoeAddress)}, with other than the usual settings. */
    public RemoteDisk connect(AoeAddress address, DiskSettings settings) throws IOException {
        List<DiskPath> paths = find(address, FIND_NS);
        if (paths.isEmpty()) {
            throw new NoTargetException(address + " does not answer on " + names());
        }
        DiskSamples.requireOneDisk(paths, settings);
        return RemoteDisk.open(paths, settings);
    }

    private List<DiskPath> ask(int shelf, int slot, long timeoutNs, long othersNs)
            throws PortException {
        List<Discovery> queries = new ArrayList<>();
        for (Member member : members) {
            queries.add(new Discovery(member.port(), System::nanoTime));
        }
        long startNs = System.nanoTime();
        long endNs = timeoutNs;
        boolean found = false;
        int sent = 0;
        for (long passedNs = 0; passedNs < endNs; passedNs = System.nanoTime() - startNs) {
            if (passedNs >= timeoutNs / QUERIES * sent) {
                for (Discovery query : queries) {
                    query.query(shelf, slot);
                }
                sent++;
            }
            int frames = 0;
            for (Discovery query : queries) {
                frames += query.poll();
            }
            if (!found && queries.stream().anyMatch(Discovery::hasFound)) {
                found = true;
                endNs = Math.min(timeoutNs, passedNs + othersNs);
            }
            if (frames == 0) {
                long nextNs = sent < QUERIES ? timeoutNs / QUERIES * sent : timeoutNs;
                await(Math.max(0, Math.min(nextNs, endNs) - passedNs));
            }
        }
        return paths(queries);
    }

    /**
     * Answers to the last question that were left out: more than 16,384 stations on an interface,
     * 32 for one address, or 4 MiB of config strings are not kept.
     */
    public long leftOut() {
        return leftOut;
    }

    /**
     * Asks the stations at the ends of all paths at once for IDENTIFY.
     *
     * @return the sectors that each names, in the order of the paths; -1 for none in time
     */
    public long[] sizes(List<DiskPath> paths, long timeoutNs) throws PortException {
        return new SizeSurvey(paths, System::nanoTime, this::await).run(timeoutNs);
    }

    private List<DiskPath> paths(List<Discovery> queries) {
        leftOut = queries.stream().mapToLong(Discovery::leftOut).sum();
        List<DiskPath> paths = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            for (FoundTarget target : queries.get(i).found()) {
                paths.add(new DiskPath(member.name(), member.port(), target));
            }
        }
        paths.sort(ORDER);
        return paths;
    }

    /** Blocks until a frame waits on some interface, or the time has passed. */
    void await(long timeoutNs) throws PortException {
        if (members.size() == 1) {
            members.get(0).port().await(timeoutNs);
            return;
        }
        waiter.await(timeoutNs);
        for (Member member : members) {
            member.port().await(0);
        }
    }

    /** Closes the ports; disks that use them must be closed before. */
    @Override
    public void close() {
        waiter.close();
        members.forEach(member -> member.port().close());
    }
}
