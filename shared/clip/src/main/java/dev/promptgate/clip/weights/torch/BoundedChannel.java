package dev.promptgate.clip.weights.torch;

import dev.promptgate.clip.weights.stored.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/** A file of which only so many bytes can be read in all, and which closing leaves open. */
final class BoundedChannel implements SeekableByteChannel {
    private final FileChannel file;
    private long position;
    private long budget;

    BoundedChannel(FileChannel file, long budget) {
        this.file = file;
        this.budget = budget;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        int count = file.read(bytes, position);
        position += Math.max(0, count);
        budget -= Math.max(0, count);
        if (budget < 0) {
            throw new RefusedException("its archive lists too many entries; save the state dict again");
        }
        return count;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public int write(ByteBuffer bytes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() {
        // whoever opened the file closes it
    }
}
