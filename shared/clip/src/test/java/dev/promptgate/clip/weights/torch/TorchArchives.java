package dev.promptgate.clip.weights.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Checkpoints as PyTorch writes them, for tests. */
final class TorchArchives {
    private TorchArchives() {}

    /** An archive of stored entries in the folder {@code archive/}. */
    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry stored = new ZipEntry("archive/" + entry.getKey());
                stored.setMethod(ZipEntry.STORED);
                stored.setSize(entry.getValue().length);
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                stored.setCrc(crc.getValue());
                zip.putNextEntry(stored);
                zip.write(entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** An archive of a pickle and a storage. */
    static byte[] zip(byte[] pickle, byte[] storage) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("data.pkl", pickle);
        entries.put("data/0", storage);
        return zip(entries);
    }

    /** The same as it was written before 1.6. */
    static byte[] pickles(byte[] pickle, int elements, byte[] storage) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new PickleBytes().proto().number(new BigInteger("1950a86a20f9469cfc6c", 16)).stop());
        bytes.writeBytes(new PickleBytes().proto().number(1001).stop());
        bytes.writeBytes(new PickleBytes().proto().op('}', '(').text("protocol_version").number(1001).text("little_endian").op(0x88, 'u')
                .stop());
        bytes.writeBytes(pickle);
        bytes.writeBytes(new PickleBytes().proto().op(']').text("0").op('a').stop());
        bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(elements).array());
        bytes.writeBytes(storage);
        return bytes.toByteArray();
    }

    /** 0, 1, 2, .. in float32. */
    static byte[] floats(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(i);
        }
        return bytes.array();
    }

    /** Where an entry's record in the archive's directory begins. */
    static int directoryRecord(byte[] zip, String name) {
        String text = new String(zip, StandardCharsets.ISO_8859_1);
        return text.lastIndexOf("archive/" + name) - 46;
    }
}
