package dev.promptgate.clip.engine;

import ai.djl.ndarray.types.DataType;
import java.util.Locale;

/** Where and in which precision a model computes; float16 is for GPUs only. */
public record ComputeOptions(DeviceChoice device, Precision precision) {
    public enum DeviceChoice {
        CPU,
        /** The first CUDA device; an error where there is none. */
        GPU,
        /** The first CUDA device where there is one, else the processor. */
        AUTO;

        /** @throws IllegalArgumentException for anything but {@code cpu}, {@code gpu} and {@code auto} */
        public static DeviceChoice parse(String text) {
            try {
                return valueOf(text.trim().toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Unknown device; use cpu, gpu or auto [device: " + text + "]", e);
            }
        }
    }

    /** The number format that the towers compute in. */
    public enum Precision {
        FLOAT32,
        /** IEEE half precision; on a GPU only. */
        FLOAT16
    }

    public static ComputeOptions cpu() {
        return new ComputeOptions(DeviceChoice.CPU, Precision.FLOAT32);
    }

    /** The tensor type that the precision stands for. */
    public DataType dataType() {
        return precision == Precision.FLOAT16 ? DataType.FLOAT16 : DataType.FLOAT32;
    }
}
