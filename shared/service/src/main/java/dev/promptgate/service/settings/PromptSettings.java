package dev.promptgate.service.settings;

/** Which prompt is kept, and the hand-written words that it starts from. */
public final class PromptSettings {
    public static final SettingsGroup ALL = new SettingsGroup();

    public static final Setting<String> NAME = ALL.add(Setting
            .text("prompt.name", "default", "the prompt that this learner and evaluator keep: the key of its records")
            .must("not be blank", name -> !name.isBlank()));
    public static final Setting<String> CONTEXT_INIT = ALL.add(Setting.text("prompt.context-init", "a photo of a",
            "the hand-written words before the class name; the context starts from their embeddings")
            .must("not be blank", words -> !words.isBlank()));
    public static final Setting<Integer> CONTEXT_TOKENS = ALL.add(Setting
            .integer("prompt.context-tokens", 4, "N, the learnable tokens; the hand-written words must make as many")
            .must("lie between 1 and 64", n -> n >= 1 && n <= 64));

    private PromptSettings() {}
}
