package dev.promptgate.clip.engine;

import ai.djl.ndarray.types.DataType;
import java.util.Locale;
import java.util.stream.Stream;

/** Where and in which precision a model computes; float16 is for GPUs, bfloat16 for processors. */
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
        FLOAT16,
        /** The image tower's matrix products in bfloat16 with float32 sums, all else in float32; on a processor with units for it only. */
        BFLOAT16,
        /** bfloat16 on a processor with units for it, else float32. */
        AUTO;

        /** @throws IllegalArgumentException for any other word than these in small letters */
        public static Precision parse(String text) {
            return Stream.of(values()).filter(precision -> precision.word().equals(text)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "Unknown precision; use float32, float16, bfloat16 or auto [precision: " + text + "]"));
        }

        /** As it is written in settings. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static ComputeOptions cpu() {
        return new ComputeOptions(DeviceChoice.CPU, Precision.FLOAT32);
    }

    /** The type of the towers' tensors. */
    public DataType dataType() {
        return precision == Precision.FLOAT16 ? DataType.FLOAT16 : DataType.FLOAT32;
    }
}
