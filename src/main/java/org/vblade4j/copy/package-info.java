// SPDX-License-Identifier: Apache-2.0
/** Moves data from a source to a sink: disks, files, streams, patterns. */
package org.vblade4j.copy;
