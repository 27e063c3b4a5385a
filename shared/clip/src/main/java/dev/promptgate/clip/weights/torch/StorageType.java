package dev.promptgate.clip.weights.torch;

import ai.djl.ndarray.types.DataType;
import dev.promptgate.clip.weights.torch.Globals.Global;
import java.util.Map;

/** A class of storages, which a pickle names in persistent ids only. */
record StorageType(DataType type) implements Global {
    static final Map<String, DataType> TYPES = Map.ofEntries(
            Map.entry("torch.FloatStorage", DataType.FLOAT32), Map.entry("torch.HalfStorage", DataType.FLOAT16),
            Map.entry("torch.BFloat16Storage", DataType.BFLOAT16), Map.entry("torch.DoubleStorage", DataType.FLOAT64),
            Map.entry("torch.LongStorage", DataType.INT64), Map.entry("torch.IntStorage", DataType.INT32),
            Map.entry("torch.ShortStorage", DataType.INT16), Map.entry("torch.CharStorage", DataType.INT8),
            Map.entry("torch.ByteStorage", DataType.UINT8), Map.entry("torch.BoolStorage", DataType.BOOLEAN),
            Map.entry("torch.ComplexFloatStorage", DataType.COMPLEX64),
            Map.entry("torch.UntypedStorage", DataType.UNKNOWN), Map.entry("torch.storage.UntypedStorage", DataType.UNKNOWN));

    /** Of one element; an untyped storage counts bytes. */
    static int bytes(DataType type) {
        return type == DataType.UNKNOWN ? 1 : type.getNumOfBytes();
    }

    @Override
    public Object call(Object[] arguments) {
        return new InertObject();
    }
}
