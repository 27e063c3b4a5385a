package dev.promptgate.cli.trace;

import dev.promptgate.messaging.record.WireName;

/** What can happen to an image, in the order in which it does. */
enum TraceStage implements WireName {
    /** A producer's record with its id. */
    RECEIVED,
    /** The record could not be used. */
    REJECTED, ENCODED,
    /** A feature record without a value: somebody took the image back. */
    DELETED,
    /** A candidate was learned with it to choose from. */
    TRAINED,
    /** It counted among the images that a prompt was judged on. */
    JUDGED_BY,
    /** The gate's word on a candidate that it was there to train. */
    VERDICT,
    /** A prompt that it was there to train is in prompt-rollouts. */
    LIVE,
    /** Such a prompt was taken back. */
    ROLLED_BACK
}
