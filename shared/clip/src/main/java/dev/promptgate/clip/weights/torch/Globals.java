package dev.promptgate.clip.weights.torch;

import ai.djl.ndarray.types.DataType;
import dev.promptgate.clip.weights.stored.RefusedException;
import dev.promptgate.clip.weights.torch.PickledTensor.Storage;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that a pickle may name, and what stands for it here. Nothing of Python or of the file is run, whatever is named. */
final class Globals {
    /** What stands for a class or function of Python's. */
    interface Global {
        Object call(Object[] arguments) throws IOException;
    }

    // TorchScript's own modules: the tensors are in their attributes.
    private static final String SCRIPTED = "__torch__.";
    // What training checkpoints hold beside the state dict, and harmless values of it.
    private static final List<String> INERT = List.of(
            "torch.device", "argparse.Namespace", "collections.defaultdict", "collections.Counter", "_codecs.encode",
            "builtins.set", "builtins.dict", "builtins.list", "builtins.int", "builtins.float", "__builtin__.set", "__builtin__.dict",
            "__builtin__.list", "__builtin__.int", "__builtin__.float", "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar",
            "numpy.core.multiarray._reconstruct", "numpy._core.multiarray.scalar", "numpy._core.multiarray._reconstruct",
            "torch.float32", "torch.float16", "torch.bfloat16", "torch.float64", "torch.int64", "torch.int32", "torch.int16", "torch.int8",
            "torch.uint8", "torch.bool", "torch.uint16", "torch.uint32", "torch.uint64", "torch.complex64", "torch.complex128",
            "torch.float8_e4m3fn", "torch.float8_e5m2", "torch.float8_e4m3fnuz", "torch.float8_e5m2fnuz");
    // Functions whose value is, for this purpose, their first argument.
    private static final List<String> FIRST_ARGUMENT = List.of(
            "torch.Size", "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
            "torch.jit._pickle.build_intlist", "torch.jit._pickle.build_doublelist", "torch.jit._pickle.build_boollist",
            "torch.jit._pickle.build_tensorlist", "torch.jit._pickle.restore_type_tag");
    private static final Global INERT_CLASS = arguments -> new InertObject();
    private static final Map<String, Global> ALLOWED = new HashMap<>();

    static {
        INERT.forEach(name -> ALLOWED.put(name, INERT_CLASS));
        FIRST_ARGUMENT.forEach(name -> ALLOWED.put(name, arguments -> arguments[0]));
        StorageType.TYPES.forEach((name, type) -> ALLOWED.put(name, new StorageType(type)));
        ALLOWED.put("collections.OrderedDict", Globals::orderedDict);
        ALLOWED.put("torch._utils._rebuild_tensor", PickledTensor::of);
        ALLOWED.put("torch._utils._rebuild_tensor_v2", PickledTensor::of);
        ALLOWED.put("torch._utils._rebuild_tensor_v3", Globals::typedTensor);
    }

    private Globals() {}

    static Global find(String module, String name) throws RefusedException {
        String whole = module + "." + name;
        Global global = whole.startsWith(SCRIPTED) ? INERT_CLASS : ALLOWED.get(whole);
        if (global == null) {
            throw new RefusedException(("it names %s, which no state dict needs; nothing of it was run. If you trust the file, save its"
                    + " state dict alone").formatted(RefusedException.shown(whole)));
        }
        return global;
    }

    private static Object orderedDict(Object[] arguments) throws IOException {
        if (arguments.length > 0) {
            throw new RefusedException("its pickle was written by Python 2; save the state dict again with Python 3");
        }
        return new LinkedHashMap<>();
    }

    /** A tensor of a type that no weights have: of its bytes, it is not known here how many are one element. */
    private static Object typedTensor(Object[] arguments) {
        Storage bytes = (Storage) arguments[0];
        long[] shape = PickledTensor.longs(arguments[2]);
        return new PickledTensor(new Storage(bytes.key(), DataType.UNKNOWN, 0, bytes.elements()), 0, shape, new long[shape.length]);
    }
}
