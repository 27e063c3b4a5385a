package dev.promptgate.clip.weights.torch;

import dev.promptgate.clip.weights.stored.RefusedException;
import dev.promptgate.clip.weights.stored.StoredTensor;
import dev.promptgate.clip.weights.torch.PickledTensor.Storage;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the tensors of PyTorch's checkpoints ({@code torch.save}, {@code torch.jit.save}) without running anything of them: of the zip
 * archives that are written since 1.6, and of the row of pickles before
 * (https://github.com/pytorch/pytorch/blob/main/torch/serialization.py). Whatever the bytes, the outcome is tensors that lie within the
 * file, or an IOException of one line about "it".
 */
public final class TorchFile {
    private static final int MAX_PICKLE_BYTES = 16 << 20;
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001L;

    private TorchFile() {}

    /** The tensors of an archive, by their names in the state dict. */
    public static Map<String, StoredTensor> readArchive(FileChannel channel) throws IOException {
        TorchArchive archive = new TorchArchive(channel);
        StateDictUnpickler pickle = new StateDictUnpickler(archive.read("data.pkl", MAX_PICKLE_BYTES));
        try {
            Map<String, PickledTensor> tensors = StateDict.find(pickle.next());
            Map<String, Long> begins = new HashMap<>();
            for (Storage storage : pickle.storages().values()) {
                begins.put(storage.key(), archive.begin(storage.key(), bytes(storage)));
            }
            return located(tensors, begins);
        } catch (RuntimeException e) {
            throw StateDictUnpickler.damaged(e);
        }
    }

    /** The tensors of a file as PyTorch wrote it before 1.6: magic number, version, system, object, keys of storages, storages. */
    public static Map<String, StoredTensor> readPickles(FileChannel channel) throws IOException {
        ByteBuffer start = StoredTensor.read(channel, 0, (int) Math.min(channel.size(), MAX_PICKLE_BYTES));
        StateDictUnpickler pickle = new StateDictUnpickler(start.array());
        try {
            if (!MAGIC.equals(pickle.next()) || PickledTensor.number(pickle.next()) != PROTOCOL) {
                throw new RefusedException("it is a pickle, but none that PyTorch wrote");
            }
            if (!(pickle.next() instanceof Map<?, ?> system) || !Boolean.TRUE.equals(system.get("little_endian"))) {
                throw new RefusedException("it was written by a big-endian machine; save it on a little-endian one");
            }
            Map<String, PickledTensor> tensors = StateDict.find(pickle.next());
            List<?> keys = (List<?>) pickle.next();
            return located(tensors, storages(channel, start.capacity() - pickle.remaining(), keys, pickle.storages()));
        } catch (RuntimeException e) {
            throw StateDictUnpickler.damaged(e);
        }
    }

    /** The storages lie one behind the other, each after its count of elements. */
    private static Map<String, Long> storages(FileChannel channel, long begin, List<?> keys, Map<String, Storage> storages)
            throws IOException {
        Map<String, Long> begins = new HashMap<>();
        long position = begin;
        for (Object key : keys) {
            Storage storage = storages.get((String) key);
            long elements = StoredTensor.read(channel, position, Long.BYTES).getLong();
            position += Long.BYTES;
            if (elements != storage.elements() || bytes(storage) > channel.size() - position
                    || begins.put(storage.key(), position) != null) {
                throw new IOException("its storage %s is not there whole (truncated?)".formatted(RefusedException.shown(key)));
            }
            position += bytes(storage);
        }
        return begins;
    }

    private static Map<String, StoredTensor> located(Map<String, PickledTensor> tensors, Map<String, Long> begins) {
        Map<String, StoredTensor> located = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> located.put(name, tensor.in(begins.get(tensor.storage().key()))));
        return located;
    }

    private static long bytes(Storage storage) {
        return Math.multiplyExact(storage.elements(), StorageType.bytes(storage.type()));
    }
}
