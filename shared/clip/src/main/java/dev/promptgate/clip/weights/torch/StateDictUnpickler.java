package dev.promptgate.clip.weights.torch;

import dev.promptgate.clip.weights.stored.RefusedException;
import dev.promptgate.clip.weights.torch.Globals.Global;
import dev.promptgate.clip.weights.torch.PickledTensor.Storage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickles of one checkpoint, of the opcodes that protocols 2 to 5 write for state dicts; any other is refused. Whatever makes or
 * changes an object is done here and not by the library, which would resolve names by a table that anybody may add to, call
 * {@code __setstate__} by reflection, hash whatever is a key, and believe lengths.
 */
final class StateDictUnpickler extends Unpickler {
    private static final int MAX_OPCODES = 1 << 20;
    private static final int MAX_KEY_LENGTH = 1024;
    /** What the library may do by itself: numbers, short texts, tuples, the memo. */
    private static final Set<Short> HARMLESS = Set.of(Opcodes.PROTO, Opcodes.MARK, Opcodes.STOP, Opcodes.NONE, Opcodes.NEWTRUE,
            Opcodes.NEWFALSE, Opcodes.BININT, Opcodes.BININT1, Opcodes.BININT2, Opcodes.LONG1, Opcodes.BINFLOAT, Opcodes.SHORT_BINSTRING,
            Opcodes.SHORT_BINUNICODE, Opcodes.SHORT_BINBYTES, Opcodes.EMPTY_LIST, Opcodes.EMPTY_TUPLE, Opcodes.TUPLE, Opcodes.TUPLE1,
            Opcodes.TUPLE2, Opcodes.TUPLE3, Opcodes.BINGET, Opcodes.LONG_BINGET, Opcodes.BINPUT, Opcodes.LONG_BINPUT, Opcodes.MEMOIZE,
            Opcodes.FRAME);

    private final ByteArrayInputStream bytes;
    private final Map<String, Storage> storages = new HashMap<>();
    private int opcodes;

    StateDictUnpickler(byte[] bytes) {
        this.bytes = new ByteArrayInputStream(bytes);
    }

    /** The next pickle of these bytes. */
    Object next() throws IOException {
        try {
            return load(bytes);
        } catch (RefusedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw damaged(e);
        }
    }

    /** A pickle that does not fit together ends in a cast, an index or a lack that nobody looked for. */
    static IOException damaged(Exception e) {
        return new IOException("its pickle is damaged or ends early", e);
    }

    /** Bytes after the last pickle that was read. */
    int remaining() {
        return bytes.available();
    }

    /** The whole storages that persistent ids have named so far, by key. */
    Map<String, Storage> storages() {
        return storages;
    }

    @Override
    protected Object dispatch(short opcode) throws IOException {
        if (++opcodes > MAX_OPCODES) {
            throw new RefusedException("its pickle has more than %d opcodes; save the state dict alone".formatted(MAX_OPCODES));
        }
        if (HARMLESS.contains(opcode)) {
            return super.dispatch(opcode);
        }
        switch (opcode) {
            case Opcodes.BINSTRING, Opcodes.BINUNICODE, Opcodes.BINBYTES -> {
                checkLength();
                return super.dispatch(opcode);
            }
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.APPEND -> append(List.of(new Object[] {stack.pop()}));
            case Opcodes.APPENDS -> append(stack.pop_all_since_marker());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                set(List.of(stack.pop(), value));
            }
            case Opcodes.SETITEMS -> set(stack.pop_all_since_marker());
            case Opcodes.GLOBAL -> stack.add(Globals.find(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> {
                String name = (String) stack.pop();
                stack.add(Globals.find((String) stack.pop(), name));
            }
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
                Object[] arguments = (Object[]) stack.pop();
                stack.add(((Global) stack.pop()).call(arguments));
            }
            case Opcodes.BUILD -> build(stack.pop(), stack.peek());
            case Opcodes.BINPERSID -> stack.add(storage((Object[]) stack.pop()));
            default -> throw new RefusedException("its pickle has the opcode 0x%02x, which no state dict needs; nothing of it was run"
                    .formatted(opcode));
        }
        return NO_RETURN_VALUE;
    }

    /** The library makes an array of the length that is said. */
    private void checkLength() throws IOException {
        bytes.mark(0);
        int length = PickleUtils.bytes_to_integer(PickleUtils.readbytes(input, Integer.BYTES));
        if (length < 0 || length > bytes.available()) {
            throw new EOFException();
        }
        bytes.reset();
    }

    private void append(List<Object> values) {
        if (!(stack.peek() instanceof InertObject)) {
            @SuppressWarnings("unchecked")
            Collection<Object> list = (Collection<Object>) stack.peek();
            list.addAll(values);
        }
    }

    private void set(List<Object> keysAndValues) throws IOException {
        if (stack.peek() instanceof InertObject) {
            return;
        }
        @SuppressWarnings("unchecked")
        Map<Object, Object> dict = (Map<Object, Object>) stack.peek();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            put(dict, keysAndValues.get(i), keysAndValues.get(i + 1));
        }
    }

    /** Keys are texts and numbers: to hash a list or dict might never end. */
    static void put(Map<Object, Object> dict, Object key, Object value) throws IOException {
        if (key instanceof String text ? text.length() > MAX_KEY_LENGTH
                : !(key instanceof Number || key instanceof Boolean || key instanceof Object[])) {
            throw new RefusedException("its pickle has a dict with a key that is no short text or number; save the state dict alone");
        }
        dict.put(key, value);
    }

    /** An OrderedDict's own attributes (PyTorch's {@code _metadata}) are of no use here. */
    private static void build(Object state, Object object) {
        if (object instanceof InertObject inert) {
            if (state instanceof Map<?, ?> attributes) {
                inert.attributes = attributes;
            }
        } else if (!(object instanceof Map)) {
            throw new ClassCastException("BUILD of " + object.getClass());
        }
    }

    /** ("storage", type, key, device, elements, and before 1.6 None or (key of the view, first, elements)) */
    private Storage storage(Object[] id) throws IOException {
        if (!"storage".equals(id[0])) {
            throw new RefusedException("its pickle refers to %s, not to a storage; save the state dict alone"
                    .formatted(RefusedException.shown(id[0])));
        }
        Storage whole = new Storage((String) id[2], ((StorageType) id[1]).type(), 0, PickledTensor.number(id[4]));
        Storage known = storages.putIfAbsent(whole.key(), whole);
        if (whole.elements() < 0 || known != null && !known.equals(whole)) {
            throw new RefusedException("its storage %s is of two sizes or types; save the state dict again"
                    .formatted(RefusedException.shown(whole.key())));
        }
        if (id.length < 6 || id[5] == null) {
            return whole;
        }
        Object[] view = (Object[]) id[5];
        long first = PickledTensor.number(view[1]);
        long elements = PickledTensor.number(view[2]);
        if (first < 0 || elements < 0 || elements > whole.elements() - first) {
            throw new RefusedException("a view of its storage %s does not lie within it; save the state dict again"
                    .formatted(RefusedException.shown(whole.key())));
        }
        return new Storage(whole.key(), whole.type(), first, elements);
    }
}
