// SPDX-License-Identifier: Apache-2.0
/** What of a foreign text a terminal, a log or a JSON reader may see. */
package org.vblade4j.text;
