// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

/** What may be wrong with a target on purpose, to see that it is found. */
enum Defect {
    NONE(0),
    /** Requests for the same sectors are not kept in order. */
    NO_ORDER(20),
    /** A write is answered before it is carried out. */
    EARLY_ANSWER(20),
    /** A write is answered and forgotten, sometimes. */
    LOST_WRITE(20),
    /** A sector of a write does not get there, sometimes. */
    TORN_WRITE(20),
    /** Writes that listeners submit while the store behind is kicked outlast the batch. */
    KICKED_ONCE(50),
    /** Two writes to parts of one block run together in direct mode. */
    NO_CONFLICTS(100),
    /** A durable write is answered without its sync. */
    NO_SYNC(50),
    /** A durable write is answered as done though its sync failed. */
    FAILED_SYNC(200),
    /** A write goes on before a read of the same sectors, answered in place, was sent. */
    EARLY_LEAVE(50),
    /** A frame is given back while its data waits for another request. */
    FRAME_NOT_KEPT(50),
    /** Memory is taken away while the kernel uses it. */
    FREED_MEMORY(200),
    /** A read is answered in place from behind the end of a file that was cut. */
    BEHIND_THE_END(100);

    /** It is found within so many seeds. */
    final int seeds;

    Defect(int seeds) {
        this.seeds = seeds;
    }
}
