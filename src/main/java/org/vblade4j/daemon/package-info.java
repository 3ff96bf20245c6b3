// SPDX-License-Identifier: Apache-2.0
/** The process around the exports: signals, readiness, log format, exit status. */
package org.vblade4j.daemon;
