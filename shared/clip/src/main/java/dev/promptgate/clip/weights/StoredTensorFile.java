package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.weights.stored.RefusedException;
import dev.promptgate.clip.weights.stored.StoredTensor;
import dev.promptgate.clip.weights.torch.TorchFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A file of which it is known where its tensors lie. */
final class StoredTensorFile implements TensorFile {
    private static final int HEAD_BYTES = 256;
    private static final String PICKLE = "\u0080";

    private final Path file;
    private final FileChannel channel;
    private final Map<String, StoredTensor> tensors;

    private StoredTensorFile(Path file, FileChannel channel, Map<String, StoredTensor> tensors) {
        this.file = file;
        this.channel = channel;
        this.tensors = tensors;
    }

    static StoredTensorFile open(Path file) {
        FileChannel channel;
        try {
            channel = FileChannel.open(file);
        } catch (IOException e) {
            throw new ModelException("Weights cannot be opened; is the file there, and may it be read? [file: %s, cause: %s]"
                    .formatted(file, e.getClass().getSimpleName()), e);
        }
        try {
            return new StoredTensorFile(file, channel, find(channel, file));
        } catch (IOException e) {
            try {
                channel.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            String what = e instanceof RefusedException ? "are refused" : "cannot be read; fetch the file again";
            throw new ModelException("Weights %s [file: %s, cause: %s]".formatted(what, file, e.getMessage()), e);
        }
    }

    private static Map<String, StoredTensor> find(FileChannel channel, Path file) throws IOException {
        String text = StandardCharsets.ISO_8859_1.decode(StoredTensor.read(channel, 0, (int) Math.min(channel.size(), HEAD_BYTES)))
                .toString();
        if (text.startsWith("{", Long.BYTES)) {
            return SafetensorsHeader.stored(channel);
        }
        if (text.startsWith("PK")) {
            return TorchFile.readArchive(channel);
        }
        if (text.startsWith(PICKLE)) {
            return TorchFile.readPickles(channel);
        }
        if (text.startsWith("version https://git-lfs")) {
            throw new RefusedException(
                    "it is git-LFS's pointer to the weights, not the weights; run git lfs pull, or download the file itself");
        }
        if (text.stripLeading().startsWith("<")) {
            throw new RefusedException("it is a web page, not weights; download the file itself, and see that the address is right");
        }
        if (file.toString().endsWith(".safetensors")) {
            return SafetensorsHeader.stored(channel); // which tells what is wrong of it
        }
        throw new RefusedException("it is neither a safetensors file nor a checkpoint of PyTorch");
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Shape shape(String name) {
        return new Shape(tensors.get(name).shape());
    }

    @Override
    public DataType type(String name) {
        return tensors.get(name).type();
    }

    @Override
    public NDArray float32(NDManager manager, String name) {
        StoredTensor tensor = tensors.get(name);
        try (NDArray borrowed = manager.create(tensor.float32(channel), shape(name), DataType.FLOAT32)) {
            return borrowed.duplicate(); // on CPU the array borrows the Java buffer; the copy is PyTorch's own
        } catch (IOException e) {
            throw new ModelException("A tensor cannot be read [file: %s, tensor: %s, cause: %s]".formatted(file, name, e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ModelException("Closing the weights failed [file: " + file + "]", e);
        }
    }
}
