// SPDX-License-Identifier: Apache-2.0
/** Moving Ethernet frames: the port contract and what a port needs to be opened. */
package org.vblade4j.net;
