// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.List;
import java.util.Map;

/**
 * What can be asked of a running supervisor. Implemented by the supervisor, called by the control
 * server on its connection threads; every call blocks until it is done and may come from several
 * threads at once.
 *
 * <p>Answers are plain maps, lists, strings, numbers and booleans, ready to be printed as JSON.
 */
public interface Operations {
    /**
     * Starts exports and waits until each serves or has failed. Starting a started export is no
     * error.
     *
     * @param names none means all that are configured
     * @throws OperationException naming every export that did not come up, and why
     */
    void start(List<String> names) throws OperationException;

    /**
     * Starts, or restarts when it differs, one export with a line that replaces the configured one:
     * an init script's own, shell-expanded value.
     */
    void startWith(String name, String line) throws OperationException;

    /** Stops exports: flushes, closes, answers nothing any more. Stopping a stopped one is fine. */
    void stop(List<String> names) throws OperationException;

    /** Stops, then starts with the newest configuration. */
    void restart(List<String> names) throws OperationException;

    /**
     * Reads the configuration again. With a mistake anywhere nothing changes. Otherwise running
     * exports that changed are restarted and those that are gone are stopped; the rest is not
     * touched.
     *
     * @param names only these; none means all
     * @return what was done, an export a row: the export and what became of it
     */
    List<Map<String, Object>> reload(List<String> names) throws OperationException;

    /**
     * One row an export, configured or running.
     *
     * @param names only these; none means all
     * @throws OperationException for a name that is neither configured nor running
     */
    List<Map<String, Object>> status(List<String> names) throws OperationException;

    /**
     * One row for each station that a running export has seen, and what it did there.
     *
     * @param names only these exports; none means all
     * @throws OperationException for a name that is neither configured nor running
     */
    List<Map<String, Object>> clients(List<String> names) throws OperationException;

    /** The exports in force, as the lines of a configuration file that says all of them. */
    List<String> dump() throws OperationException;

    /**
     * Reads the configuration files and changes nothing: a row {@code exports} with their number,
     * and a row {@code warning} for each.
     *
     * @throws OperationException with everything that is wrong; of the kind {@link
     *     OperationException.Kind#ELSEWHERE} when these are not the files that this supervisor has
     */
    default List<Map<String, Object>> checkFiles(String confd, String settings)
            throws OperationException {
        throw elsewhere();
    }

    /** The same with what the exports name on this system: that leads to rows {@code problem}. */
    default List<Map<String, Object>> checkSystem(String confd, String settings)
            throws OperationException {
        throw elsewhere();
    }

    /** The same for one export's line. */
    default List<Map<String, Object>> checkLine(String name, String line)
            throws OperationException {
        throw elsewhere();
    }

    private static OperationException elsewhere() {
        return new OperationException(
                OperationException.Kind.ELSEWHERE, "this supervisor has other files");
    }

    /** Ends the supervisor after stopping every export in order; returns before it has ended. */
    void shutdown();
}
