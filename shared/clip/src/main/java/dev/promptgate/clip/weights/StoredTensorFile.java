package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.weights.stored.StoredTensor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A file of which it is known where its tensors lie. */
final class StoredTensorFile implements TensorFile {
    /** Finds the tensors of a file that stands at its start; an IOException tells in one line what is wrong of "it". */
    interface Reader {
        Map<String, StoredTensor> read(FileChannel channel) throws IOException;
    }

    private final Path file;
    private final FileChannel channel;
    private final Map<String, StoredTensor> tensors;

    private StoredTensorFile(Path file, FileChannel channel, Map<String, StoredTensor> tensors) {
        this.file = file;
        this.channel = channel;
        this.tensors = tensors;
    }

    static StoredTensorFile open(Path file, Reader reader) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file);
            return new StoredTensorFile(file, channel, reader.read(channel));
        } catch (IOException e) {
            if (channel != null) {
                try {
                    channel.close();
                } catch (IOException suppressed) {
                    e.addSuppressed(suppressed);
                }
            }
            throw new ModelException("Weights cannot be read; fetch the file again [file: %s, cause: %s]".formatted(file, e.getMessage()),
                    e);
        }
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
