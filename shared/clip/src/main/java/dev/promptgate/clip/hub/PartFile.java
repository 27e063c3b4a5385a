package dev.promptgate.clip.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What has come of a file that is being downloaded: the bytes in {@code .part}, and in {@code .part.etag} whose bytes they are.
 *
 * @param target what it becomes
 */
record PartFile(Path target) {
    /** To write what comes: behind what is there, or instead of it. */
    OutputStream open(String tag, boolean isResumed) {
        try {
            Files.writeString(etag(), tag);
            return Files.newOutputStream(part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    isResumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    void write(OutputStream out, byte[] buffer, int count) {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private ModelException unwritable(IOException e) {
        return new ModelException("The download cannot be written; make room there, or name another place in model.cache-directory"
                + " [file: %s, cause: %s]".formatted(target, FirstLine.of(e)), e);
    }

    /** In hexadecimal digits, of the bytes that are there. */
    String sha256() throws IOException {
        return Sha256.hex(part());
    }

    /** Gives the whole file its name. */
    void complete() throws IOException {
        Files.move(part(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(etag());
    }

    boolean isJson() throws IOException {
        try {
            return new ObjectMapper().readTree(Files.readAllBytes(part())).isContainerNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    void forget() throws IOException {
        Files.deleteIfExists(part());
        Files.deleteIfExists(etag());
    }

    long size() {
        return part().toFile().length(); // 0 where there is none
    }

    /** The tag of the file that was begun; empty if there is none, or none that can be asked for. */
    String tag() throws IOException {
        String tag = Files.exists(etag()) ? Files.readString(etag(), StandardCharsets.ISO_8859_1) : "";
        return tag.matches("[\\x21-\\x7e]*") ? tag : "";
    }

    private Path part() {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    private Path etag() {
        return target.resolveSibling(target.getFileName() + ".part.etag");
    }
}
