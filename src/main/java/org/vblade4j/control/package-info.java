// SPDX-License-Identifier: Apache-2.0
/** The conversation between command line and supervisor over a Unix socket. */
package org.vblade4j.control;
