package dev.promptgate.clip.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.engine.MatrixUnits;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.tokenizer.ClipTokenizer;
import dev.promptgate.clip.transformer.TextTower;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CLIP's text encoder with a learnable context (CoOp, arXiv 2109.01134) on the shared-prefix path: the prefix's keys and values are
 * computed once for all classes, every prompt ends at its EOS, and classes are processed in chunks, so memory does not grow with them.
 *
 * <p>Thread-safe; {@link #differentiate} lets one pass at a time through in the whole process. Closed with its model.
 */
public final class TextEncoder implements PromptEncoder {
    /** About 0.6 GB of activations with a graph at ViT-B/16 width. */
    private static final int CHUNK_TOKENS = 1536;

    private final TextTower tower;
    private final TextShape shape;
    private final ClipTokenizer tokenizer;
    private final String noTokenizer;
    private final ContextPrefix prefix;
    private final int chunkTokens;
    private final boolean isPadded;

    /** Without a tokenizer (null) prompts are made from token ids only; {@code noTokenizer} is what to tell who encodes by name. */
    public TextEncoder(TextTower tower, TextShape shape, NDManager root, DataType type, ClipTokenizer tokenizer, String noTokenizer) {
        this(tower, shape, new ContextPrefix(tower, root, shape.bosId(), type), tokenizer, noTokenizer, CHUNK_TOKENS, false);
    }

    private TextEncoder(TextTower tower, TextShape shape, ContextPrefix prefix, ClipTokenizer tokenizer, String noTokenizer,
            int chunkTokens, boolean isPadded) {
        this.tower = tower;
        this.shape = shape;
        this.prefix = prefix;
        this.tokenizer = tokenizer;
        this.noTokenizer = noTokenizer;
        this.chunkTokens = chunkTokens;
        this.isPadded = isPadded;
    }

    @Override
    public boolean hasTokenizer() {
        return tokenizer != null;
    }

    /** The same encoder with another bound on the tokens that are processed at once. */
    public TextEncoder withChunkTokens(int tokens) {
        return new TextEncoder(tower, shape, prefix, tokenizer, noTokenizer, tokens, isPadded);
    }

    /**
     * The reference that the fast path is measured against, with the same weights: every prompt padded to 77 tokens with a prefix of its
     * own, as published code bases compute it.
     */
    public TextEncoder fullLength() {
        return new TextEncoder(tower, shape, prefix, tokenizer, noTokenizer, chunkTokens, true);
    }

    /** The same tower for contexts that differ from image to image, with the same bound. */
    public ConditionalEncoder conditional() {
        return new ConditionalEncoder(this);
    }

    @Override
    public Context contextFrom(String words) {
        int[] ids = tokenizer().encode(words);
        long[] inner = Arrays.stream(ids, 1, ids.length - 1).asLongStream().toArray();
        if (inner.length == 0) {
            throw new IllegalArgumentException("The context's initial words hold no token [words: \"" + words + "\"]");
        }
        try (NDManager pass = prefix.newPass()) {
            float[] values = tower.embed(pass, inner).toType(DataType.FLOAT32, false).toFloatArray();
            return new Context(inner.length, shape.tower().width(), values);
        }
    }

    /**
     * Tokenises {@code [SOS] v1 … vN name . [EOS]} for every class; underscores in names read as spaces, as in CoOp, and spaces around them
     * do not count.
     *
     * @throws IllegalArgumentException naming the class, if a name is blank, too long for the tower or holds a special token
     */
    @Override
    public PromptSet prompts(List<String> classNames, int contextTokens) {
        String placeholders = "a ".repeat(contextTokens);
        int[][] suffixes = classNames.stream().map(name -> {
            if (name.isBlank()) {
                throw new IllegalArgumentException("A class name is blank");
            }
            int[] ids = tokenizer().encode(placeholders + SamePrompt.spoken(name) + ".");
            return checked(name, Arrays.copyOfRange(ids, 1 + contextTokens, ids.length), contextTokens);
        }).toArray(int[][]::new);
        return new PromptSet(classNames, contextTokens, suffixes);
    }

    /** Prompts from token ids: what follows the context in each, EOS last. The class names are the indices. */
    public PromptSet promptsFromTokenIds(int[][] suffixes, int contextTokens) {
        List<String> names = IntStream.range(0, suffixes.length).mapToObj(Integer::toString).toList();
        for (int i = 0; i < suffixes.length; i++) {
            checked(names.get(i), suffixes[i], contextTokens);
        }
        return new PromptSet(names, contextTokens, suffixes);
    }

    /** Without a graph. */
    @Override
    public float[][] features(Context context, PromptSet prompts) {
        checkFits(context, prompts);
        return run(chunks(prompts.suffixes(), 1), prompts.size(), List.of(context));
    }

    @Override
    public TextPass differentiate(Context context, PromptSet prompts) {
        checkFits(context, prompts);
        return pass(List.of(context), prompts);
    }

    /** Features [texts][dim] of plain texts; an IllegalArgumentException if one is too long or holds a special token. */
    public float[][] encode(List<String> texts) {
        return encodeTokenIds(texts.stream().map(tokenizer()::encode).toArray(int[][]::new));
    }

    /** Features [texts][dim] of token ids from SOS to EOS, unpadded. */
    public float[][] encodeTokenIds(int[][] ids) {
        int[][] suffixes = IntStream.range(0, ids.length)
                .mapToObj(i -> checked(Integer.toString(i), Arrays.copyOfRange(ids[i], 1, ids[i].length), 0)).toArray(int[][]::new);
        return run(chunks(suffixes, 1), ids.length, null);
    }

    /** @param contexts null for none: then the prefix is {@code [SOS]} alone */
    float[][] run(List<PromptChunk> chunks, int classes, List<Context> contexts) {
        float[][] features = new float[contexts == null ? classes : contexts.size() * classes][];
        for (PromptChunk chunk : chunks) {
            try (MatrixUnits.Region region = MatrixUnits.float32(); NDManager pass = prefix.newPass()) {
                NDArray start = contexts == null ? prefix.startOnly(pass, 1) : prefix.withContext(prefix.leaf(pass, contexts));
                ContextPrefix.copyRows(chunk.forward().apply(start), chunk.rows(), features);
            }
        }
        return features;
    }

    TextPass pass(List<Context> contexts, PromptSet prompts) {
        return new TextPass(prefix, contexts, chunks(prompts.suffixes(), contexts.size()), prompts.size());
    }

    List<PromptChunk> chunks(int[][] suffixes, int contexts) {
        return isPadded ? List.of(PromptChunk.padded(tower, suffixes)) : PromptChunk.of(tower, suffixes, contexts, chunkTokens);
    }

    int chunkTokens() {
        return chunkTokens;
    }

    private int[] checked(String name, int[] suffix, int contextTokens) {
        int length = 1 + contextTokens + suffix.length;
        if (suffix.length == 0 || length > shape.maxTokens()) {
            throw new IllegalArgumentException("A prompt must have a name and fit the text tower [class: %s, tokens: %d, limit: %d]"
                    .formatted(name.length() > 80 ? name.substring(0, 80) + "…" : name, length, shape.maxTokens()));
        }
        Arrays.stream(suffix).filter(id -> id < 0 || id >= shape.vocabulary()).findFirst().ifPresent(id -> {
            throw new IllegalArgumentException("The text tower has no embedding for a token [id: %d, embeddings: %d]"
                    .formatted(id, shape.vocabulary()));
        });
        return suffix;
    }

    void checkFits(Context context, PromptSet prompts) {
        if (context.width() != shape.tower().width() || context.tokens() != prompts.contextTokens()) {
            throw new IllegalArgumentException(
                    "The context does not fit the model or the prompts [context: %s, width: %d, prompts' tokens: %d]"
                            .formatted(new Shape(context.tokens(), context.width()), shape.tower().width(), prompts.contextTokens()));
        }
        if (prompts.size() == 0) {
            throw new IllegalArgumentException("There is no class to encode");
        }
    }

    private ClipTokenizer tokenizer() {
        if (tokenizer == null) {
            throw new ModelException(noTokenizer);
        }
        return tokenizer;
    }
}
