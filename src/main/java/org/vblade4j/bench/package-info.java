// SPDX-License-Identifier: Apache-2.0
/** Loads a target over the wire and measures how it does. */
package org.vblade4j.bench;
