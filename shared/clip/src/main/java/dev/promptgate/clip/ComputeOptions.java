package dev.promptgate.clip;

import ai.djl.Device;
import ai.djl.engine.Engine;
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

    /**
     * The device that the choice comes to on this machine.
     *
     * @throws ModelException if a GPU is asked for and PyTorch sees none, or float16 is asked for on the processor
     */
    public Device resolveDevice() {
        boolean gpuPresent = device != DeviceChoice.CPU && Engine.getEngine("PyTorch").getGpuCount() > 0;
        if (device == DeviceChoice.GPU && !gpuPresent) {
            throw new ModelException("No CUDA device is visible to PyTorch; use --device cpu, or point PYTORCH_LIBRARY_PATH at a"
                    + " libtorch built with CUDA [device: gpu]");
        }
        if (precision == Precision.FLOAT16 && !gpuPresent) {
            throw new ModelException("float16 is computed on a GPU only; use --precision float32 [device: cpu, precision: float16]");
        }
        return gpuPresent ? Device.gpu() : Device.cpu();
    }

    /** The tensor type that the precision stands for. */
    public DataType dataType() {
        return precision == Precision.FLOAT16 ? DataType.FLOAT16 : DataType.FLOAT32;
    }
}
