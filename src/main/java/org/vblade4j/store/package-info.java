// SPDX-License-Identifier: Apache-2.0
/** Sector storage: one contract, several stores, and filters that chain. */
package org.vblade4j.store;
