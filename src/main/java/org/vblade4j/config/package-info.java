// SPDX-License-Identifier: Apache-2.0
/** Text to checked, immutable records: conf.d lines, HOCON settings, vblade's arguments. */
package org.vblade4j.config;
