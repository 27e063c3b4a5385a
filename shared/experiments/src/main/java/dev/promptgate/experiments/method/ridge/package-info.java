/** RAIL: a ridge regression adapter that takes up one wave of classes after the other. */
package dev.promptgate.experiments.method.ridge;
