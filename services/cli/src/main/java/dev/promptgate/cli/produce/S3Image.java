package dev.promptgate.cli.produce;

import dev.promptgate.experiments.data.ImageLocation;
import dev.promptgate.objectstore.S3Location;
import dev.promptgate.objectstore.S3Store;
import dev.promptgate.objectstore.S3StoreException;
import java.net.URI;

/** An image in S3, of the size that it was listed with. */
record S3Image(S3Store store, S3Location location, long size) implements ImageLocation {
    @Override
    public URI uri() {
        return location.uri();
    }

    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public byte[] start(int count) throws S3StoreException {
        if (size == 0) {
            return new byte[0]; // there is no first byte to ask for
        }
        return size <= count ? store.get(location, count) : store.start(location, count);
    }

    @Override
    public String toString() {
        return location.toString();
    }
}
