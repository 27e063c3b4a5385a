package dev.promptgate.clip.engine;

/** The number format that the towers compute in. */
public enum Precision {
    FLOAT32,
    /** IEEE half precision; on a GPU only. */
    FLOAT16
}
