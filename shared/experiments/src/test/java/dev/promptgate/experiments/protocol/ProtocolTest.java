package dev.promptgate.experiments.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.protocol.Protocol.ComparisonSetting;
import dev.promptgate.experiments.protocol.Protocol.Run;
import dev.promptgate.experiments.protocol.Protocol.RunOutcome;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProtocolTest {
    private static final TrainingSettings SETTINGS = new TrainingSettings(10, 8, 0.1, 1, 0.9, 0);
    private static final FeatureSet DATA = Oracle.data("letters", 7, 5, 3);

    private final Oracle oracle = new Oracle();

    private static ComparisonSetting setting(FeatureSet... targets) {
        return new ComparisonSetting(null, DATA, List.of(targets), "a photo of a", 3);
    }

    private Run run() {
        return new Run(oracle, SETTINGS, 1, 2, 0, report -> {});
    }

    @Test
    void baseAreTheFirstHalfRoundedUpAndEachHalfIsToldApartAmongItself() {
        RunOutcome outcome = new BaseToNew().run(setting(), run());
        assertEquals(List.of("c00", "c01", "c02", "c03"), oracle.tasks.get(0).classes());
        assertEquals(8, oracle.tasks.get(0).samples().size()); // two shots a class
        assertEquals(List.of(List.of("c00", "c01", "c02", "c03"), List.of("c04", "c05", "c06"), DATA.classes()), oracle.asked);
        assertEquals(1, outcome.figures().get("base"));
        assertEquals(1 / 3.0, outcome.figures().get("new"), 1e-12); // the first name is right for a third
        assertEquals(0.5, outcome.figures().get("hm"), 1e-12);
        assertEquals(12 / 21.0, outcome.figures().get("joint"), 1e-12);
        assertEquals(1, outcome.figures().get("joint_base"));
        assertEquals(0, outcome.figures().get("joint_new"));
        assertEquals(12, outcome.correct().get("base").length);
    }

    @Test
    void fewShotIsAboutAllClasses() {
        RunOutcome outcome = new FewShot().run(setting(), run());
        assertEquals(DATA.classes(), oracle.tasks.get(0).classes());
        assertEquals(14, oracle.tasks.get(0).samples().size());
        assertEquals(1, outcome.figures().get("accuracy"));
    }

    @Test
    void transferTestsOnOtherDataAmongTheirOwnClasses() {
        FeatureSet other = Oracle.data("more", 9, 1, 2);
        FeatureSet same = Oracle.data("few", 4, 1, 2);
        RunOutcome outcome = new Transfer(false).run(setting(other, same), run());
        assertEquals(1, outcome.figures().get("source"));
        assertEquals(7 / 9.0, outcome.figures().get("more"), 1e-12);
        assertEquals(1, outcome.figures().get("few"));
        assertEquals(8 / 9.0, outcome.figures().get("mean"), 1e-12);
        assertEquals(List.of("mean", "source", "more", "few"), new Transfer(false).figures(setting(other, same)));
        new Transfer(true).check(setting(same));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Transfer(true).check(setting(other))).getMessage()
                .contains("c07 and 1 more"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Transfer(false).check(setting())).getMessage()
                .contains("--target"));
    }

    @Test
    void wavesHoldEveryClassOnceAndGoOnFromTheLast() {
        RunOutcome outcome = new ClassIncremental().run(setting(), run());
        assertEquals(3, oracle.tasks.size());
        assertEquals(List.of(false, true, true), oracle.wentOn);
        assertEquals(new TreeSet<>(DATA.classes()), new TreeSet<>(oracle.tasks.get(2).classes()));
        assertTrue(oracle.tasks.get(2).classes().containsAll(oracle.tasks.get(1).classes()));
        assertEquals(4, oracle.tasks.get(0).settings().epochs()); // a third of ten, rounded up
        assertEquals(1, outcome.figures().get("average"));
        assertEquals(0, outcome.figures().get("forgetting"));
        assertTrue(Double.isNaN(outcome.matrix()[1][0]));
        assertEquals(1, outcome.matrix()[0][2]);
    }

    @Test
    void forgettingAndBackwardTransferAreThoseOfTheirPapers() {
        double nan = Double.NaN;
        double[][] matrix = {{0.8, 0.9, 0.6}, {nan, 0.7, 0.75}, {nan, nan, 0.5}};
        assertEquals((0.3 - 0.05) / 2, ClassIncremental.figures(matrix).get("forgetting"), 1e-12);
        assertEquals((-0.2 + 0.05) / 2, ClassIncremental.figures(matrix).get("backward"), 1e-12);
    }

    @Test
    void ordersOfWavesDifferBySeedAndNothingElse() {
        assertEquals(ClassIncremental.waves(20, 4, 1), ClassIncremental.waves(20, 4, 1));
        assertTrue(!ClassIncremental.waves(20, 4, 1).equals(ClassIncremental.waves(20, 4, 2)));
        assertEquals(List.of(2, 2, 3), ClassIncremental.waves(7, 3, 1).stream().map(List::size).toList());
    }

    @Test
    void dataThatCannotAnswerIsRefused() {
        ComparisonSetting small = new ComparisonSetting(null, Oracle.data("tiny", 3, 2, 2), List.of(), "a photo of a", 2);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new BaseToNew().check(small)).getMessage()
                .contains("at least 4 classes"));
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> new ClassIncremental().check(small)).getMessage().contains("--waves"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Protocol.named("base2new")).getMessage().contains("base-to-new"));
    }
}
