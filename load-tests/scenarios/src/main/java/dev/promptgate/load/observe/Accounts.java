package dev.promptgate.load.observe;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;

/**
 * The sums of a ledger.
 *
 * @param pushed records that the broker acknowledged
 * @param failed records that the producer gave up
 * @param images distinct images pushed: duplicates count once
 * @param imagesMissing of these, without a feature
 */
public record Accounts(long pushed, long failed, long features, long rejections, @JsonUnwrapped Faults faults, long images,
        long imagesMissing, Map<String, Long> rejectionsByCode) {
    /**
     * What should not be.
     *
     * @param missing acknowledged records without an outcome
     * @param twice acknowledged records with more than one
     * @param wronglyAccepted unusable records with a feature
     * @param wronglyRejected good records with a rejection
     * @param unacknowledged outcomes of records that the producer gave up or does not know; no fault of the services
     */
    public record Faults(long missing, long twice, long wronglyAccepted, long wronglyRejected, long unacknowledged) {
        public static final Faults NONE = new Faults(0, 0, 0, 0, 0);
    }

    /** Whether nothing was lost, counted twice or taken for something else. */
    public boolean isBalanced() {
        return faults.missing + faults.twice + faults.wronglyAccepted + faults.wronglyRejected + imagesMissing == 0
                && pushed + faults.unacknowledged == features + rejections;
    }

    @Override
    public String toString() {
        return ("%d records pushed = %d features + %d rejected; %d images, duplicates counted once; "
                + "%d missing, %d twice, %d given up by the producer%s%s").formatted(pushed, features, rejections, images, faults.missing,
                        faults.twice, failed, faults.wronglyAccepted + faults.wronglyRejected == 0 ? ""
                                : ", %d wrongly accepted, %d wrongly rejected".formatted(faults.wronglyAccepted, faults.wronglyRejected),
                        faults.unacknowledged == 0 ? ""
                                : ", %d outcomes of records without an acknowledgement".formatted(faults.unacknowledged));
    }
}
