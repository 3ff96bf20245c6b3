// SPDX-License-Identifier: Apache-2.0
/** What the command lines of all programs share. */
package org.vblade4j.cli.common;
