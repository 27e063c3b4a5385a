/** Logistic regression on image features. */
package dev.promptgate.experiments.method.probe;
