package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;

/** One safetensors file of weights, checked whole when opened: header, types, offsets against the file's size. Not thread-safe. */
public final class SafetensorsFile implements AutoCloseable {
    private static final int MAX_HEADER_BYTES = 100 << 20;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path file, FileChannel channel, SafetensorsHeader header) {
        this.file = file;
        this.channel = channel;
        this.header = header;
    }

    /** @throws ModelException if the file is missing, truncated or no safetensors file */
    public static SafetensorsFile open(Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file);
            return new SafetensorsFile(file, channel, SafetensorsHeader.read(channel, channel.size(), MAX_HEADER_BYTES));
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

    public Set<String> names() {
        return header.tensors().keySet();
    }

    /** The shape of a tensor that is there. */
    public Shape shape(String name) {
        return new Shape(header.tensors().get(name).shape());
    }

    /** One tensor in its stored type, owned by the manager. */
    public NDArray tensor(NDManager manager, String name) {
        SafetensorsHeader.Tensor tensor = header.tensors().get(name);
        try {
            ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(tensor.end() - tensor.begin())).order(ByteOrder.nativeOrder());
            channel.position(header.dataStart() + tensor.begin());
            try (NDArray borrowed = manager.create(SafetensorsHeader.fill(bytes, channel), shape(name), tensor.type())) {
                return borrowed.duplicate(); // on CPU the array borrows the Java buffer; the copy is PyTorch's own
            }
        } catch (IOException | ArithmeticException e) {
            throw new ModelException("A tensor cannot be read [file: %s, tensor: %s]".formatted(file, name), e);
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
