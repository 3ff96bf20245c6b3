// SPDX-License-Identifier: Apache-2.0
/** One named export as a unit of life: its threads, port, buffers and store, and their end. */
package org.vblade4j.export;
