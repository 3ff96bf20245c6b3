// SPDX-License-Identifier: Apache-2.0
/** Serves a store by the Network Block Device protocol (NetworkBlockDevice/nbd, doc/proto.md). */
package org.vblade4j.nbd;
