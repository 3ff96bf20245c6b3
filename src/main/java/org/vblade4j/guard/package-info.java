// SPDX-License-Identifier: Apache-2.0
/** Who else uses a file or block device, and keeping others off it. */
package org.vblade4j.guard;
