package dev.promptgate.clip.engine;

import ai.djl.ndarray.types.DataType;

/**
 * Where and in which precision a model computes.
 *
 * @param device the device asked for
 * @param precision float16 is for GPUs only
 */
public record ComputeOptions(DeviceChoice device, Precision precision) {
    public static ComputeOptions cpu() {
        return new ComputeOptions(DeviceChoice.CPU, Precision.FLOAT32);
    }

    /** The tensor type that the precision stands for. */
    public DataType dataType() {
        return precision == Precision.FLOAT16 ? DataType.FLOAT16 : DataType.FLOAT32;
    }
}
