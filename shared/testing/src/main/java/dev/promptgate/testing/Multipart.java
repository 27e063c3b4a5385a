package dev.promptgate.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds a body of multipart/form-data, part by part. Not thread-safe. */
public final class Multipart {
    /** Its content type, boundary included. */
    public static final String TYPE = "multipart/form-data; boundary=xXx";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A file in the field {@code image}. */
    public Multipart file(String name, byte[] bytes) {
        return file("image", name, bytes);
    }

    public Multipart file(String field, String name, byte[] bytes) {
        return part("Content-Disposition: form-data; name=\"" + field + "\"; filename=\"" + name + "\"\r\nContent-Type: image/jpeg", bytes);
    }

    public Multipart field(String name, String value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    private Multipart part(String headers, byte[] bytes) {
        out.writeBytes(("--xXx\r\n" + headers + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(bytes);
        out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** What there is so far, without the last boundary. */
    public byte[] unfinished() {
        return out.toByteArray();
    }

    public byte[] bytes() {
        out.writeBytes("--xXx--\r\n".getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
