/** Tip-Adapter: the shots as a cache that adds to the hand-written prompt's logits. */
package dev.promptgate.experiments.method.cache;
