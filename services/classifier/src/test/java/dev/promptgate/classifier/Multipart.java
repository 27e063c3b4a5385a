package dev.promptgate.classifier;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

final class Multipart {
    static final String TYPE = "multipart/form-data; boundary=xXx";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Multipart file(String name, byte[] bytes) {
        return part("Content-Disposition: form-data; name=\"image\"; filename=\"" + name + "\"\r\nContent-Type: image/jpeg", bytes);
    }

    Multipart field(String name, String value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    private Multipart part(String headers, byte[] bytes) {
        out.writeBytes(("--xXx\r\n" + headers + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(bytes);
        out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        return this;
    }

    byte[] unfinished() {
        return out.toByteArray();
    }

    byte[] bytes() {
        out.writeBytes("--xXx--\r\n".getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
