// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The clients that are there. When there is no place for another, one of those goes for which
 * nothing is under way: of the peer with the most clients, the one that was served least. One peer
 * never has all places. Any thread.
 */
final class Places {
    static final int MAX_CLIENTS = 64;
    static final int MAX_OF_ONE_PEER = 56;

    /** So long a client may get nowhere while others want its place. */
    static final long STILL_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    void forEach(Consumer<Connection> action) {
        connections.forEach(action);
    }

    int size() {
        return connections.size();
    }

    boolean freeFor(Peer newcomer) {
        return size() < MAX_CLIENTS && count(newcomer) < MAX_OF_ONE_PEER;
    }

    /**
     * Whose place a newcomer may have; who has fewer clients than its peer loses none to it.
     *
     * @param last false to have somebody who was served more stay rather than one who will soon
     *     have been still for long enough
     */
    Optional<Connection> dispensable(Peer newcomer, boolean last) {
        Map<Peer, Integer> counts = new HashMap<>();
        connections.forEach(there -> counts.merge(there.peer(), 1, Integer::sum));
        int own = counts.getOrDefault(newcomer, 0);
        boolean tooMany = own >= MAX_OF_ONE_PEER;
        List<Connection> eligible =
                connections.stream()
                        .filter(there -> !tooMany || there.peer().equals(newcomer))
                        .filter(there -> counts.getOrDefault(there.peer(), 0) >= own)
                        .toList();
        Optional<Connection> goes =
                eligible.stream()
                        .filter(Places::isStill)
                        .min(
                                Comparator.comparing(
                                                (Connection there) ->
                                                        -counts.getOrDefault(there.peer(), 0))
                                        .thenComparingLong(Connection::served)
                                        .thenComparing(there -> !there.inTheMiddle())
                                        .thenComparingLong(there -> -there.stillNs()));
        return goes.filter(
                chosen ->
                        last
                                || eligible.stream()
                                        .allMatch(there -> there.served() >= chosen.served()));
    }

    private static boolean isStill(Connection connection) {
        return connection.stillNs() > STILL_NS;
    }

    private long count(Peer peer) {
        return connections.stream().filter(there -> there.peer().equals(peer)).count();
    }
}
