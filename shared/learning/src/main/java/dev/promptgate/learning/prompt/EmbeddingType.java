package dev.promptgate.learning.prompt;

import ai.djl.ndarray.types.DataType;
import ai.djl.util.Float16Utils;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How class embeddings are stored. Half the bytes move a cosine by 0.0005 at most. */
public enum EmbeddingType {
    FLOAT32(DataType.FLOAT32), FLOAT16(DataType.FLOAT16);

    private final DataType type;

    EmbeddingType(DataType type) {
        this.type = type;
    }

    static Optional<EmbeddingType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.storedName().equals(name)).findFirst();
    }

    /** In metadata. */
    String storedName() {
        return name().toLowerCase(Locale.ROOT);
    }

    DataType dataType() {
        return type;
    }

    int bytes() {
        return type.getNumOfBytes();
    }

    void put(ByteBuffer buffer, float value) {
        if (this == FLOAT16) {
            buffer.putShort(Float16Utils.floatToHalf(value));
        } else {
            buffer.putFloat(value);
        }
    }

    float take(ByteBuffer buffer) {
        return this == FLOAT16 ? Float16Utils.halfToFloat(buffer.getShort()) : buffer.getFloat();
    }
}
