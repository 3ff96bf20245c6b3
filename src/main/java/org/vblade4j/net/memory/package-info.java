// SPDX-License-Identifier: Apache-2.0
/** An Ethernet inside the process: ports without a kernel, and a network as bad as wanted. */
package org.vblade4j.net.memory;
