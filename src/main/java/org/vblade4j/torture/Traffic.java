// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.net.PortException;

/**
 * What the hosts do: round after round of one pattern, from a few requests to more than a target's
 * buffers and its receive ring hold. Frames may be sent twice, again with another tag, or late,
 * behind others that were made after them.
 */
final class Traffic {
    /** A place where much happens, and how many rounds it stays one. */
    private static final int HOT_SECTORS = 48;

    private static final int HOT_ROUNDS = 20;
    private static final int MAX_DELAY_FRAMES = 200;
    private static final int MAX_PATIENCE = 5;

    /** A frame that is kept back until so many others have been sent. */
    private record Late(Operation operation, Request request, Host host, long dueFrames) {}

    private final TorturePlan plan;
    private final Hosts hosts;
    private final int bufferCount;
    private final SplittableRandom random;
    private final List<Pattern> patterns;
    private final Deque<Late> late = new ArrayDeque<>();

    /** Where pairs were written that nobody has read yet. */
    private final Deque<Long> unread = new ArrayDeque<>();

    private long rounds;
    private int patience;
    private long hotLba;
    private long lastLba;

    Traffic(TorturePlan plan, Hosts hosts, int bufferCount) {
        this.plan = plan;
        this.hosts = hosts;
        this.bufferCount = bufferCount;
        random = new SplittableRandom(plan.seed());
        patterns = new ArrayList<>(plan.patterns());
        patterns.sort(null); // a set has no order, and the seed decides
        lastLba = plan.firstLba();
    }

    /** Queues one round's frames, all but those that are kept back for a later one. */
    void round() throws PortException {
        if (!unread.isEmpty()) {
            readBack();
            return;
        }
        if (rounds++ % HOT_ROUNDS == 0) {
            hotLba = anywhere(HOT_SECTORS);
        }
        int frames = frames();
        patience = frames > 2 * bufferCount ? 1 : MAX_PATIENCE;
        switch (patterns.get(random.nextInt(patterns.size()))) {
            case MIXED -> mixed(frames);
            case SEQUENTIAL -> sequential(frames);
            case PAIRS -> pairs(frames);
            case READS -> reads(frames);
            default -> throw new IllegalStateException();
        }
        if (random.nextInt(4) == 0) {
            releaseAll();
        }
    }

    /** How many operations may stay open before the next round. */
    int patience() {
        return !unread.isEmpty() || random.nextBoolean() ? 0 : random.nextInt(bufferCount + 1);
    }

    private int frames() {
        return switch (random.nextInt(8)) {
            case 0 -> plan.burst();
            case 1, 2 -> 1 + random.nextInt(plan.burst());
            case 3, 4 -> 1 + random.nextInt(2 * bufferCount + 1);
            default -> 1 + random.nextInt(16);
        };
    }

    private void mixed(int frames) throws PortException {
        long end = hosts.frames() + frames;
        boolean hot = random.nextInt(3) > 0;
        while (hosts.frames() < end) {
            int sectors = sectors();
            long lba = hot ? near(hotLba, HOT_SECTORS, sectors) : anywhere(sectors);
            Operation operation = operation(random.nextInt(5) > 1, lba, sectors);
            Host host = anyHost();
            if (random.nextInt(40) == 0) {
                delay(operation, null, host);
                continue;
            }
            Request request = send(operation, host);
            switch (random.nextInt(20)) {
                case 0 -> hosts.repeat(request);
                case 1 -> delay(operation, request, host);
                case 2 -> delay(operation, null, host);
                default -> {}
            }
        }
    }

    private void sequential(int frames) throws PortException {
        int left = frames;
        while (left > 0) {
            int sectors = sectors();
            int count = Math.min(left, Math.min(2 + random.nextInt(30), plan.sectors() / sectors));
            lastLba = anywhere(count * sectors);
            Host host = anyHost();
            List<Request> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long lba = lastLba + (long) i * sectors;
                sent.add(send(operation(true, lba, sectors), host));
                if (random.nextInt(4) == 0) {
                    resend(sent.get(random.nextInt(sent.size())));
                    left--;
                }
            }
            left -= count;
        }
    }

    /** No place twice, so that the last write of each is still to be read. */
    private void pairs(int frames) throws PortException {
        int sectors = Math.min(2, plan.maxSectors());
        int places = plan.sectors() / (2 * sectors);
        int first = random.nextInt(places);
        for (int i = 0; i < Math.min(places, (frames + 2) / 3); i++) {
            lastLba = plan.firstLba() + (first + i) % places * 2L * sectors;
            unread.add(lastLba);
            Host host = anyHost();
            send(operation(true, lastLba, sectors), host);
            Operation second = operation(true, lastLba + sectors, sectors);
            send(second, host);
            send(second, host);
        }
    }

    private void readBack() throws PortException {
        patience = MAX_PATIENCE;
        int sectors = Math.min(2, plan.maxSectors());
        for (int i = 0; i < bufferCount && !unread.isEmpty(); i += 2) {
            long lba = unread.remove();
            send(operation(false, lba, sectors), anyHost());
            send(operation(false, lba + sectors, sectors), anyHost());
        }
    }

    private void reads(int frames) throws PortException {
        for (int i = 0; i < frames; i++) {
            int sectors = sectors();
            long lba =
                    switch (random.nextInt(3)) {
                        case 0 -> near(hotLba, HOT_SECTORS, sectors);
                        case 1 -> near(lastLba, 4 * plan.maxSectors(), sectors);
                        default -> anywhere(sectors);
                    };
            send(operation(false, lba, sectors), anyHost());
        }
    }

    /** What a burst loses, nobody asks for again: that would be the same burst once more. */
    private Operation operation(boolean write, long lba, int sectors) {
        return hosts.operation(write, lba, sectors, patience);
    }

    private Request send(Operation operation, Host host) throws PortException {
        Late first = late.peek();
        while (first != null && first.dueFrames <= hosts.frames()) {
            release(late.remove());
            first = late.peek();
        }
        return hosts.send(operation, host);
    }

    private void resend(Request request) throws PortException {
        if (random.nextBoolean()) {
            hosts.repeat(request);
        } else {
            hosts.send(request.operation, request.host);
        }
    }

    private void delay(Operation operation, Request request, Host host) {
        long due = hosts.frames() + 1 + random.nextInt(MAX_DELAY_FRAMES);
        late.add(new Late(operation, request, host, due));
    }

    private void release(Late frame) throws PortException {
        if (frame.request == null) {
            hosts.send(frame.operation, frame.host);
        } else {
            hosts.repeat(frame.request);
        }
    }

    /** Sends what was kept back. */
    void releaseAll() throws PortException {
        while (!late.isEmpty()) {
            release(late.remove());
        }
    }

    private int sectors() {
        return switch (random.nextInt(3)) {
            case 0 -> plan.maxSectors();
            case 1 -> Math.min(2, plan.maxSectors());
            default -> 1 + random.nextInt(plan.maxSectors());
        };
    }

    private Host anyHost() {
        return hosts.host(random.nextInt(hosts.count()));
    }

    private long anywhere(int sectors) {
        return plan.firstLba() + random.nextInt(plan.sectors() - sectors + 1);
    }

    private long near(long lba, int width, int sectors) {
        long last = plan.firstLba() + plan.sectors() - sectors;
        return Math.min(lba + random.nextInt(width), last);
    }
}
