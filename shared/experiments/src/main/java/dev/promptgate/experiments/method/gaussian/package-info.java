/** Gaussian discriminant analysis beside the hand-written prompt. */
package dev.promptgate.experiments.method.gaussian;
