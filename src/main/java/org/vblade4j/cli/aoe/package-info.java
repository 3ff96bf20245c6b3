// SPDX-License-Identifier: Apache-2.0
/** The aoe program: finds, asks and changes targets. One file a subcommand. */
package org.vblade4j.cli.aoe;
