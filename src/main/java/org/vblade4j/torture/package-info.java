// SPDX-License-Identifier: Apache-2.0
/**
 * Checks on the wire that a target is a disk: several hosts read and write the same sectors, and
 * what was read is compared with the history of each sector.
 */
package org.vblade4j.torture;
