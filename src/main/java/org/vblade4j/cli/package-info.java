// SPDX-License-Identifier: Apache-2.0
/** The programs vblade4j, vblade, vbladed and aoe, and the subcommands of the first. */
package org.vblade4j.cli;
