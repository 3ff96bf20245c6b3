// SPDX-License-Identifier: Apache-2.0
/** The subcommands of aoe that move a disk's data, and what they share. */
package org.vblade4j.cli.transfer;
