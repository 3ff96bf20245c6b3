// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

/**
 * Keeps what initiators change, and writes down who changed what. Called on the worker's thread, so
 * nothing here waits: what takes time is begun here and asked for later. A change is answered when
 * it is kept, and has no effect until then. It outlives the target as {@link TargetState} does.
 */
public interface StateKeeper {
    /** Where a change that was begun has got to. */
    enum Outcome {
        PENDING,
        /** It survives whatever happens, as far as it is meant to. */
        KEPT,
        /** It could not be kept: what was before still is. */
        FAILED
    }

    /** Keeps nothing and tells nobody. */
    StateKeeper NONE =
            new StateKeeper() {
                @Override
                public void begin(Change change) {
                    // Nothing is kept, so nothing is to be done.
                }

                @Override
                public Outcome outcome() {
                    return Outcome.KEPT;
                }

                @Override
                public void refused(Change.Kind kind, long source, long more) {
                    // Nobody is told.
                }
            };

    /** Begins to keep a change; the one before it has come to its outcome. */
    void begin(Change change);

    /** What became of the change that was begun last. */
    Outcome outcome();

    /**
     * A change was refused by policy.
     *
     * @param more how many others were refused since the last call
     */
    void refused(Change.Kind kind, long source, long more);
}
