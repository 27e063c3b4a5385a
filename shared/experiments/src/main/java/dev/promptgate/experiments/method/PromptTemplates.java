package dev.promptgate.experiments.method;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * CLIP's hand-written templates for ImageNet (arXiv 2103.00020, section 3.1.4), as the words before the class name: all of the 80 that end
 * with the name and a full stop. Two do not ("a … in a video game.", "the … in a video game."): prompts here have the name last, as CoOp's
 * have.
 */
public final class PromptTemplates {
    public static final List<String> BEFORE_THE_NAME = read();

    private PromptTemplates() {}

    private static List<String> read() {
        try (InputStream in = PromptTemplates.class.getResourceAsStream("templates.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
