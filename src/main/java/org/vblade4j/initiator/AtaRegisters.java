// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

/**
 * What an ATA command is given.
 *
 * @param command one byte, as the next two
 * @param lba all six address bytes, device bits included
 */
public record AtaRegisters(int command, int feature, int sectors, long lba) {}
