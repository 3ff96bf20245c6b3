// SPDX-License-Identifier: Apache-2.0
/**
 * The command set of one ATA disk over a store: registers in, registers out. It knows neither
 * networks nor reservations, and never blocks or allocates once it is made.
 */
package org.vblade4j.ata;
