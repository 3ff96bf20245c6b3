// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/**
 * A configuration without fault, and the text that says so: read once, so that no edit comes in
 * between. The two texts need no other file, and say the same when they are loaded from elsewhere.
 *
 * @param confd the text of the conf.d file; empty when there is none
 * @param settings the text of the settings file with all that it includes; empty when there is none
 */
public record LoadedFiles(Configuration configuration, String confd, String settings) {}
