// SPDX-License-Identifier: Apache-2.0
/** The client's side of AoE in user space: finds targets and uses their disks. */
package org.vblade4j.initiator;
