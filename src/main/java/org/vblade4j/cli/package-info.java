// SPDX-License-Identifier: Apache-2.0
/** The command lines: vblade4j, vblade, vbladed and aoe. One file a subcommand. */
package org.vblade4j.cli;
