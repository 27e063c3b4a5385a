package dev.promptgate.load.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.SourcePosition;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers 0 to 99; every tenth is poison, and 55 shows the image of 54. */
class LedgerTest {
    private final Ledger ledger = new Ledger(number -> number % 10 == 0, number -> number == 55 ? 54 : number);

    private static SourcePosition at(long number) {
        return new SourcePosition((int) (number % 3), number);
    }

    private void push(long number) {
        ledger.pushed(number, at(number).partition(), at(number).offset());
    }

    private void outcome(long number) {
        if (number % 10 == 0) {
            ledger.rejection(at(number), "truncated");
        } else {
            ledger.feature(at(number), number == 55 ? 54 : number);
        }
    }

    private void pushAllBut(long outcomeMissing) {
        for (long number = 0; number < 100; number++) {
            push(number);
            if (number != outcomeMissing) {
                outcome(number);
            }
        }
    }

    @Test
    void aWholeRunBalancesAndDuplicatesCountOnce() {
        pushAllBut(-1);
        Accounts accounts = ledger.accounts();
        assertTrue(accounts.isBalanced(), accounts.toString());
        assertTrue(ledger.isSettled());
        assertEquals(100, accounts.pushed());
        assertEquals(90, accounts.features());
        assertEquals(10, accounts.rejections());
        assertEquals(89, accounts.images());
        assertEquals(Map.of("truncated", 10L), accounts.rejectionsByCode());
    }

    @Test
    void aLostImageShows() {
        pushAllBut(33);
        Accounts accounts = ledger.accounts();
        assertFalse(accounts.isBalanced());
        assertFalse(ledger.isSettled());
        assertEquals(1, accounts.faults().missing());
        assertEquals(1, accounts.imagesMissing());
    }

    @Test
    void aLostDuplicateShowsThoughItsImageIsThere() {
        pushAllBut(55);
        assertEquals(1, ledger.accounts().faults().missing());
        assertEquals(0, ledger.accounts().imagesMissing());
        assertFalse(ledger.accounts().isBalanced());
    }

    @Test
    void aLossThatARepetitionHidesInTheSumsShows() {
        pushAllBut(33);
        outcome(34);
        Accounts accounts = ledger.accounts();
        assertEquals(accounts.pushed(), accounts.features() + accounts.rejections());
        assertEquals(1, accounts.faults().missing());
        assertEquals(1, accounts.faults().twice());
        assertFalse(accounts.isBalanced());
    }

    @Test
    void whatIsTakenForSomethingElseShows() {
        pushAllBut(33);
        ledger.rejection(at(33), "undecodable");
        assertEquals(1, ledger.accounts().faults().wronglyRejected());
        assertFalse(ledger.accounts().isBalanced());
        push(100);
        ledger.feature(at(100), 100);
        assertEquals(1, ledger.accounts().faults().wronglyAccepted());
    }

    @Test
    void anOutcomeMayComeBeforeItsAcknowledgement() {
        outcome(1);
        push(1);
        assertTrue(ledger.accounts().isBalanced());
    }

    @Test
    void aRecordThatTheProducerGaveUpButTheBrokerHasIsNoLoss() {
        pushAllBut(-1);
        ledger.failed(101);
        ledger.feature(at(101), 101);
        assertTrue(ledger.accounts().isBalanced(), ledger.accounts().toString());
        assertEquals(1, ledger.accounts().failed());
        assertEquals(1, ledger.accounts().faults().unacknowledged());
    }
}
