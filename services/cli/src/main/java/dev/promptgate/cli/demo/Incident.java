package dev.promptgate.cli.demo;

import dev.promptgate.messaging.record.WireName;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;

/**
 * What goes wrong in the demo, and how it is put right. The sample stream's labels name the badge on an object; a labelling tool that is
 * asked for "the object in the picture" names the other one.
 */
enum Incident implements WireName {
    MISLABELLED_TRAINING, TRAINING_CORRECTED, MISLABELLED_EVIDENCE, EVIDENCE_CORRECTED;

    boolean isCorrection() {
        return this == TRAINING_CORRECTED || this == EVIDENCE_CORRECTED;
    }

    /** Whether images that judge are sent again, too. */
    boolean concernsEvidence() {
        return this == MISLABELLED_EVIDENCE || this == EVIDENCE_CORRECTED;
    }

    /** What goes wrong or is put right, in words. */
    String event() {
        return switch (this) {
            case MISLABELLED_TRAINING -> "INCIDENT a new labelling tool names the objects instead of the badges on them, in every training"
                    + " image";
            case TRAINING_CORRECTED -> "CORRECTION the training images are sent again with their right labels";
            case MISLABELLED_EVIDENCE -> "INCIDENT the tool is at it again, and this time it labels the images that judge as well";
            case EVIDENCE_CORRECTED -> "CORRECTION all images are sent again with their right labels";
        };
    }

    /** What is seen of it and why, if that is what came. */
    String outcome(Answer verdict, boolean isRolledBack) {
        boolean isAsExpected = verdict == (this == MISLABELLED_TRAINING ? Answer.FAIL : Answer.PASS)
                && isRolledBack == (this == MISLABELLED_EVIDENCE);
        if (!isAsExpected) {
            return "Here the verdict is %s%s.".formatted(verdict.wireName(), isRolledBack ? ", and it was rolled back" : "");
        }
        return switch (this) {
            case MISLABELLED_TRAINING -> "The held-out images kept their labels, and the prompt that learned the other meaning gets far"
                    + " fewer of them right: nothing goes out.";
            case TRAINING_CORRECTED -> "An image counts once, under its last label: the candidate has learned from the right ones alone,"
                    + " and passes.";
            case MISLABELLED_EVIDENCE -> "The gate could judge by the labels it had alone, and by these the prompt was better. Images that"
                    + " came in later, rightly labelled, are what its verdict had no evidence of: the watch rolled back by itself.";
            case EVIDENCE_CORRECTED -> "The cool-down is over, and a candidate that is judged on the right labels goes out.";
        };
    }
}
