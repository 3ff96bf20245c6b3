// SPDX-License-Identifier: Apache-2.0
/** What is counted, by whom, and under which name an operator sees it. */
package org.vblade4j.metrics;
