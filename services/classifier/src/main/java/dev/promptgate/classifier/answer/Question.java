package dev.promptgate.classifier.answer;

import java.util.List;

/**
 * What a request asks of its images.
 *
 * @param top most labels wanted
 * @param classes to choose from, each once; empty for those of the live prompt
 * @param zeroShot whether the hand-written prompt is to answer, too
 * @param abstain whether to tell if the live prompt stands behind its likeliest label; not where classes are given
 */
public record Question(int top, List<String> classes, boolean zeroShot, boolean abstain) {}
