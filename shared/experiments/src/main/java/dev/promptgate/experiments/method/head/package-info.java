/**
 * What classifiers on frozen image features have in common: linear algebra by EJML, the hand-written prompt beside them, held-out shots.
 */
package dev.promptgate.experiments.method.head;
