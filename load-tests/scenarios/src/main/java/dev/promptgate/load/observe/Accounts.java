package dev.promptgate.load.observe;

import java.util.Map;

/**
 * The sums of a ledger.
 *
 * @param pushed records that the broker acknowledged
 * @param failed records that the producer gave up
 * @param features feature records of this run
 * @param rejections rejections of this run
 * @param missing acknowledged records without an outcome
 * @param twice acknowledged records with more than one
 * @param wronglyAccepted unusable records with a feature
 * @param wronglyRejected good records with a rejection
 * @param unacknowledged outcomes of records that the producer gave up or does not know
 * @param images distinct images pushed: duplicates count once
 * @param imagesMissing of these, without a feature
 * @param rejectionsByCode rejections by their error code
 */
public record Accounts(long pushed, long failed, long features, long rejections, long missing, long twice, long wronglyAccepted,
        long wronglyRejected, long unacknowledged,
        long images, long imagesMissing, Map<String, Long> rejectionsByCode) {
    /** Whether nothing was lost, counted twice or taken for something else. */
    public boolean isBalanced() {
        return missing == 0 && twice == 0 && wronglyAccepted == 0 && wronglyRejected == 0 && imagesMissing == 0
                && pushed + unacknowledged == features + rejections;
    }

    @Override
    public String toString() {
        return ("%d records pushed = %d features + %d rejected; %d images, duplicates counted once; %d missing, %d twice, %d given "
                + "up by the producer%s%s").formatted(pushed, features,
                        rejections, images, missing, twice, failed,
                        wronglyAccepted + wronglyRejected == 0 ? ""
                                : ", %d wrongly accepted, %d wrongly rejected".formatted(wronglyAccepted, wronglyRejected),
                        unacknowledged == 0 ? "" : ", %d outcomes of records without an acknowledgement".formatted(unacknowledged));
    }
}
