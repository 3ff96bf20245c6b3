// SPDX-License-Identifier: Apache-2.0
/** How a store's reads, writes and flushes reach the kernel, many at once. */
package org.vblade4j.store.engine;
