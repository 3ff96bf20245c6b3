// SPDX-License-Identifier: Apache-2.0
/** Which exports should run, and making it so: states, restarts, what survives a restart. */
package org.vblade4j.supervisor;
