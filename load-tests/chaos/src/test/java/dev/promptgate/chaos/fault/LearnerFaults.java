package dev.promptgate.chaos.fault;

import net.bytebuddy.asm.Advice;

/** Mistakes in what a learner takes in, and in how it numbers what comes out. */
public final class LearnerFaults {
    private static final int EACH = 7;

    private static int taken;

    private LearnerFaults() {}

    /** Every seventh feature. */
    public static final class Skips {
        private Skips() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean take() {
            return isSkipped();
        }
    }

    public static boolean isSkipped() {
        return ++taken % EACH == 0;
    }

    /** Each candidate is the first. */
    public static final class SameVersion {
        private SameVersion() {}

        @Advice.OnMethodExit
        static void publish(@Advice.FieldValue(value = "version", readOnly = false) long version) {
            version = 0;
        }
    }
}
