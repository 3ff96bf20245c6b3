// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

/** Numbers of the NBD protocol, with its names. All fields are big-endian. */
final class Nbd {
    static final long NBDMAGIC = 0x4e42_444d_4147_4943L;
    static final long IHAVEOPT = 0x4948_4156_454f_5054L;
    static final long REPLY_MAGIC = 0x0003_e889_0455_65a9L;

    // Handshake flags, of both sides.
    static final int FLAG_FIXED_NEWSTYLE = 1;
    static final int FLAG_NO_ZEROES = 2;

    static final int OPT_EXPORT_NAME = 1;
    static final int OPT_ABORT = 2;
    static final int OPT_LIST = 3;
    static final int OPT_STARTTLS = 5;
    static final int OPT_INFO = 6;
    static final int OPT_GO = 7;
    static final int OPT_STRUCTURED_REPLY = 8;

    static final int REP_ACK = 1;
    static final int REP_SERVER = 2;
    static final int REP_INFO = 3;
    static final int REP_ERR_UNSUP = 0x8000_0001;
    static final int REP_ERR_INVALID = 0x8000_0003;
    static final int REP_ERR_TLS_REQD = 0x8000_0005;
    static final int REP_ERR_UNKNOWN = 0x8000_0006;
    static final int REP_ERR_TOO_BIG = 0x8000_0009;

    static final int INFO_EXPORT = 0;
    static final int INFO_NAME = 1;
    static final int INFO_DESCRIPTION = 2;
    static final int INFO_BLOCK_SIZE = 3;

    // Transmission flags.
    static final int HAS_FLAGS = 1;
    static final int READ_ONLY = 2;
    static final int SEND_FLUSH = 4;
    static final int SEND_FUA = 8;
    static final int SEND_WRITE_ZEROES = 64;
    static final int SEND_DF = 128;
    static final int CAN_MULTI_CONN = 256;
    static final int SEND_FAST_ZERO = 2048;

    static final int REQUEST_MAGIC = 0x2560_9513;
    static final int REQUEST_BYTES = 28;
    static final int SIMPLE_REPLY_MAGIC = 0x6744_6698;
    static final int CHUNK_MAGIC = 0x668e_33ef;

    static final int CMD_READ = 0;
    static final int CMD_WRITE = 1;
    static final int CMD_DISC = 2;
    static final int CMD_FLUSH = 3;
    static final int CMD_WRITE_ZEROES = 6;

    static final int CMD_FLAG_FUA = 1;
    static final int CMD_FLAG_NO_HOLE = 2;
    static final int CMD_FLAG_DF = 4;
    static final int CMD_FLAG_FAST_ZERO = 16;

    static final int CHUNK_FLAG_DONE = 1;
    static final int CHUNK_NONE = 0;
    static final int CHUNK_OFFSET_DATA = 1;
    static final int CHUNK_ERROR = 0x8001;

    static final int EPERM = 1;
    static final int EIO = 5;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int EOVERFLOW = 75;
    static final int ENOTSUP = 95;

    private Nbd() {}
}
