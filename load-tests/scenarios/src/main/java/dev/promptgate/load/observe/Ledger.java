package dev.promptgate.load.observe;

import dev.promptgate.load.observe.Accounts.Faults;
import dev.promptgate.messaging.record.SourcePosition;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Accounts for every record of the run: each that the broker acknowledged must lead to one feature or one rejection, as the plan says, and
 * to no second one. Outcomes may be told before the acknowledgement. Thread-safe.
 */
public final class Ledger {
    private static final byte FEATURE = 1;
    private static final byte REJECTION = 2;
    private static final byte TWICE = 3;

    private final LongPredicate isPoison;
    private final LongUnaryOperator origin;
    private final Map<SourcePosition, Long> pushed = new HashMap<>();
    private final Map<SourcePosition, Byte> outcomes = new HashMap<>();
    private final Map<String, Long> rejectionsByCode = new TreeMap<>();
    private final BitSet originsPushed = new BitSet();
    private final BitSet originsSeen = new BitSet();
    private long failed;
    private long features;
    private long rejections;

    /** {@code isPoison} tells whether a number's record is to be rejected, {@code origin} the number that a record's id names. */
    public Ledger(LongPredicate isPoison, LongUnaryOperator origin) {
        this.isPoison = isPoison;
        this.origin = origin;
    }

    public synchronized void pushed(long number, int partition, long offset) {
        pushed.put(new SourcePosition(partition, offset), number);
        if (!isPoison.test(number)) {
            originsPushed.set((int) origin.applyAsLong(number));
        }
    }

    /** The producer has given a record up; the broker may have it or not. */
    public synchronized void failed(long number) {
        failed++;
    }

    /** A feature of this run is readable. */
    public synchronized void feature(SourcePosition source, long originNumber) {
        features++;
        outcomes.merge(source, FEATURE, (a, b) -> TWICE);
        originsSeen.set((int) originNumber);
    }

    /** A rejection of this run is readable. */
    public synchronized void rejection(SourcePosition source, String code) {
        rejections++;
        rejectionsByCode.merge(code, 1L, Long::sum);
        outcomes.merge(source, REJECTION, (a, b) -> TWICE);
    }

    /** Whether every acknowledged record has an outcome: nothing is to be waited for. */
    public synchronized boolean isSettled() {
        return outcomes.size() >= pushed.size() && pushed.keySet().stream().allMatch(outcomes::containsKey);
    }

    public synchronized Accounts accounts() {
        long missing = 0;
        long twice = 0;
        long wronglyAccepted = 0;
        long wronglyRejected = 0;
        for (Map.Entry<SourcePosition, Long> record : pushed.entrySet()) {
            byte outcome = outcomes.getOrDefault(record.getKey(), (byte) 0);
            boolean poison = isPoison.test(record.getValue());
            missing += outcome == 0 ? 1 : 0;
            twice += outcome == TWICE ? 1 : 0;
            wronglyAccepted += outcome == FEATURE && poison ? 1 : 0;
            wronglyRejected += outcome == REJECTION && !poison ? 1 : 0;
        }
        long unacknowledged = outcomes.keySet().stream().filter(source -> !pushed.containsKey(source)).count();
        BitSet lostIds = (BitSet) originsPushed.clone();
        lostIds.andNot(originsSeen);
        return new Accounts(pushed.size(), failed, features, rejections,
                new Faults(missing, twice, wronglyAccepted, wronglyRejected, unacknowledged), originsPushed.cardinality(),
                lostIds.cardinality(), Map.copyOf(rejectionsByCode));
    }
}
