package dev.promptgate.clip.weights.torch;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.weights.stored.RefusedException;
import dev.promptgate.clip.weights.stored.StoredTensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Where the entries of PyTorch's zip archive lie, {@code folder/name}. PyTorch stores them as they are; nothing is unpacked here. */
final class TorchArchive {
    private static final long MAX_DIRECTORY_BYTES = 4 << 20;
    private static final String PICKLE = "/data.pkl";

    private final FileChannel channel;
    private final Map<String, ZipArchiveEntry> entries = new HashMap<>();
    private final String folder;

    /** An IOException if two entries overlap, one reaches beyond the file, or none is a pickle that PyTorch wrote. */
    TorchArchive(FileChannel channel) throws IOException {
        this.channel = channel;
        long end = 0;
        for (ZipArchiveEntry entry : list(channel)) {
            if (entry.getLocalHeaderOffset() < end || entry.getDataOffset() + entry.getCompressedSize() > channel.size()
                    || entries.put(entry.getName(), entry) != null) {
                throw new IOException("its archive's entry %s is there twice, or overlaps another or the end"
                        .formatted(RefusedException.shown(entry.getName())));
            }
            end = entry.getDataOffset() + entry.getCompressedSize();
        }
        List<String> folders = entries.keySet().stream().filter(name -> name.indexOf('/') == name.length() - PICKLE.length()
                && name.endsWith(PICKLE)).map(name -> name.substring(0, name.indexOf('/') + 1)).toList();
        if (folders.size() != 1) {
            throw new RefusedException("it is a zip archive with %d entries of the form folder/data.pkl, where PyTorch's have one"
                    .formatted(folders.size()));
        }
        folder = folders.get(0);
        if (entries.containsKey(folder + "byteorder") && !"little".equals(new String(read("byteorder", 16), StandardCharsets.UTF_8))) {
            throw new RefusedException("it was written by a big-endian machine; save it on a little-endian one");
        }
    }

    private static List<ZipArchiveEntry> list(FileChannel channel) throws IOException {
        try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(new BoundedChannel(channel, MAX_DIRECTORY_BYTES)).get()) {
            return Collections.list(zip.getEntriesInPhysicalOrder());
        } catch (IOException | RuntimeException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw new IOException(
                    "its archive is damaged (%s)".formatted(RefusedException.shown(FirstLine.of(e.getCause() == null ? e : e.getCause()))),
                    e);
        }
    }

    /** The bytes of an entry of so many bytes at most. */
    byte[] read(String name, int maxBytes) throws IOException {
        ZipArchiveEntry entry = entry(name, 0);
        if (entry.getSize() > maxBytes) {
            throw new RefusedException(
                    "its archive's entry %s has more than %d bytes; save the state dict alone".formatted(name, maxBytes));
        }
        return StoredTensor.read(channel, entry.getDataOffset(), (int) entry.getSize()).array();
    }

    /** Where the bytes of a storage begin in the file. */
    long begin(String key, long bytes) throws IOException {
        return entry("data/" + key, bytes).getDataOffset();
    }

    private ZipArchiveEntry entry(String name, long bytes) throws IOException {
        ZipArchiveEntry entry = entries.get(folder + name);
        if (entry == null || entry.getSize() < bytes) {
            throw new IOException("its archive has no entry %s of %d bytes or more".formatted(RefusedException.shown(name), bytes));
        }
        if (entry.getMethod() != ZipArchiveEntry.STORED || entry.getSize() != entry.getCompressedSize()
                || entry.getGeneralPurposeBit().usesEncryption()) {
            throw new RefusedException(
                    "its archive's entry %s is compressed or encrypted, which PyTorch's are not; save the state dict again"
                            .formatted(RefusedException.shown(name)));
        }
        return entry;
    }
}
