// SPDX-License-Identifier: Apache-2.0
/** What is known of a network interface, for all ports that have one under them. */
package org.vblade4j.net.link;
