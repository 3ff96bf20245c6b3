// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a configuration file whole: UTF-8, of a size that a person may have written. */
final class TextFile {
    static final int MAX_BYTES = 1 << 20;

    private TextFile() {}

    /** Text, or a problem, or neither for a file that is missing and may be. */
    record Result(Optional<String> text, Optional<Problem> problem) {
        boolean isMissing() {
            return text.isEmpty() && problem.isEmpty();
        }
    }

    static Result read(Path file, boolean mayBeMissing) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            return mayBeMissing
                    ? new Result(Optional.empty(), Optional.empty())
                    : bad(file, 0, "does not exist; expected a configuration file");
        } catch (AccessDeniedException e) {
            return bad(file, 0, "may not be read by this user");
        } catch (IOException e) {
            String reason = Files.isDirectory(file) ? "is a directory" : e.getMessage();
            return bad(file, 0, "cannot be read: " + reason);
        }
        if (bytes.length > MAX_BYTES) {
            return bad(file, 0, "is too large; expected at most " + MAX_BYTES + " bytes");
        }
        return decode(file, ByteBuffer.wrap(bytes));
    }

    private static Result decode(Path file, ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.remaining());
        CoderResult result = decoder.decode(bytes, chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
            int octet = bytes.get(bytes.position()) & 0xff;
            return bad(
                    file, line, String.format("byte 0x%02x is not UTF-8; expected UTF-8", octet));
        }
        return new Result(Optional.of(text), Optional.empty());
    }

    private static Result bad(Path file, int line, String message) {
        Problem problem = new Problem(new Origin(file.toString(), line), message);
        return new Result(Optional.empty(), Optional.of(problem));
    }
}
