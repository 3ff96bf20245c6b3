// SPDX-License-Identifier: Apache-2.0
/**
 * The Linux C library, nothing else: C names, C prototypes, and the only user of JNA. 64-bit Linux
 * is assumed throughout: {@code long}, {@code size_t} and pointers are eight bytes.
 */
package org.vblade4j.sys;
