// SPDX-License-Identifier: Apache-2.0
/**
 * The AoE side of one export: which frames it listens to, what each command does, and in which
 * order requests reach the store. One worker thread, no locks, no allocation per frame.
 */
package org.vblade4j.target;
