package dev.promptgate.messaging.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import dev.promptgate.messaging.report.AnswerDetail.Changed;
import dev.promptgate.messaging.report.AnswerDetail.ChangedImage;
import dev.promptgate.messaging.report.AnswerDetail.ClassRow;
import dev.promptgate.messaging.report.AnswerDetail.ClassTable;
import dev.promptgate.messaging.report.AnswerDetail.ConfusionCell;
import dev.promptgate.messaging.report.AnswerDetail.Part;
import dev.promptgate.messaging.report.ComparedPrompts.AccuracyFigures;
import dev.promptgate.messaging.report.ComparedPrompts.ComparedOn;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.CommandReport;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter;
import dev.promptgate.messaging.report.EvaluationReport.GateAfter.ContinualFigures;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Answer;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.GateDemands;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Rollout;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport.Ruling;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import dev.promptgate.messaging.report.SuspectedLabels.SuspectedImage;
import dev.promptgate.testing.fuzz.DecoderFuzz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class ReportCodecTest {
    private static final String COMMAND = "{'kind':'command','command_id':'1','accepted':false,'reason':'too late'}";

    /** What an evaluator wrote: the form must never change, since the topic is kept for good. */
    @Test
    void whatAnEvaluatorWroteIsWrittenTheSameAgain() throws Exception {
        List<String> written = written();
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (String json : written) {
            EvaluationReport report = decode(json);
            kinds.add(report.kind());
            assertEquals(json, text(report));
        }
        assertEquals(EnumSet.allOf(Kind.class), kinds);
    }

    @Test
    void aVerdictTellsOfCandidateAndFigures() throws Exception {
        VerdictReport verdict = (VerdictReport) written().stream().map(ReportCodecTest::decodeOrFail)
                .filter(report -> report instanceof VerdictReport held && held.rollout().heldBy().equals("paused")).findFirst()
                .orElseThrow();
        assertEquals(Answer.PASS, verdict.ruling().outcome());
        assertFalse(verdict.isRolledOut() || verdict.ruling().isFinal());
        assertEquals(Optional.of(new GateDemands(0.01, 0.03, 0.95, 100, 0, 100, null)), verdict.demands());
        ComparedPrompts comparison = verdict.comparison().orElseThrow();
        assertEquals(EnumSet.allOf(Role.class), comparison.accuracies().keySet());
        assertTrue(Double.isNaN(comparison.accuracies(Role.LIVE).orElseThrow().unseen()), "no image to tell");
        assertEquals(List.of("seen", "unseen"), verdict.ruling().tests().stream().map(PairedFigures::protocol).toList());
        assertTrue(verdict.after().isPaused());
        assertTrue(verdict.after().state().isObject() && verdict.after().waves().isMissingNode());
        EvaluationReport light = ReportCodec.decodeWithoutMemory(ReportCodec.encode(verdict));
        assertTrue(light.after().state().isMissingNode() && light.comparison().equals(verdict.comparison()));
    }

    @Test
    void anOperatorsRollbackAnswersItsCommand() throws Exception {
        ReplacementReport rollback = (ReplacementReport) written().stream().map(ReportCodecTest::decodeOrFail)
                .filter(report -> report.kind() == Kind.ROLLBACK && report.command().isPresent()).findFirst().orElseThrow();
        assertEquals(ReplacementReport.Cause.OPERATOR, rollback.replacement().cause());
        assertEquals("rollback", rollback.command().orElseThrow().command());
        assertEquals(rollback.reason(), rollback.command().orElseThrow().reason());
        assertTrue(rollback.after().continual().isPresent() && rollback.after().coolDownUntil() > 0);
    }

    @Test
    void aMeasurementCarriesAsManySuspectedLabelsAsThereIsRoomFor() throws Exception {
        SuspectedImage image = new SuspectedImage("a", "cat", "dog", 0.25, 0.5, 1, 17);
        SuspectedLabels few = SuspectedLabels.cut(List.of(image));
        MeasurementReport report = new MeasurementReport(new EvaluationReport.Head("default", 1, 2), Optional.empty(),
                new MeasurementReport.Prequential(0, 1, 1), Optional.of(few), decode("{'kind':'measurement'}").after());
        assertEquals(report, ReportCodec.decode(ReportCodec.encode(report)));
        assertEquals(Optional.empty(), ((MeasurementReport) decode("{'kind':'measurement'}")).suspects(), "of an older evaluator");
        SuspectedLabels many = SuspectedLabels.cut(Collections.nCopies(60, image));
        assertEquals(List.of(60, 50), List.of(many.total(), many.images().size()));
        String longest = "x".repeat(5000);
        assertEquals(2, SuspectedLabels.cut(Collections.nCopies(9, new SuspectedImage(longest, longest, longest, 0, 1, 0, 0))).images()
                .size());
    }

    @Test
    void unknownKeysArePassedOverAndAbsentOnesAreEmpty() throws Exception {
        CommandReport report = (CommandReport) decode(COMMAND.replace("{'kind'", "{'of_tomorrow':[{}],'live_version':null,'kind'"));
        assertEquals(new CommandReport.Answer("1", "", "", "", false, "too late"), report.answer());
        assertEquals(new EvaluationReport.Head("", 0, 0), report.head());
        assertTrue(report.after().state().isMissingNode());
        VerdictReport verdict = (VerdictReport) decode("{'kind':'verdict','candidate_version':3,'outcome':'fail','final':true}");
        assertEquals(new VerdictReport(new EvaluationReport.Head("", 0, 0), new Ruling(3, 0, null, Answer.FAIL, true, "", List.of()),
                verdict.after()), verdict);
        VerdictReport sparse = (VerdictReport) decode("{'kind':'verdict','candidate_version':3,'outcome':'fail','reason':null,'tests':[{}],"
                + "'live':{'seen':null},'changed':{'lost':[{}]},'per_class':[[null]],'confusion':null,'continual':{'zero_shot':{}}}");
        PairedFigures test = sparse.ruling().tests().get(0);
        assertTrue(test.against().isEmpty() && Double.isNaN(test.alpha()) && Double.isNaN(test.lowerBound()), test.toString());
        ComparedPrompts comparison = sparse.comparison().orElseThrow();
        assertTrue(Double.isNaN(comparison.accuracies(Role.LIVE).orElseThrow().seen()));
        assertEquals(new Changed(null, null, List.of(new ChangedImage("", "", "", "", 0, 0)), List.of()),
                comparison.detail().changed().orElseThrow());
        assertEquals(new ClassTable(List.of(new ClassRow("", false, 0, 0)), List.of()), comparison.detail().classes().orElseThrow());
        assertTrue(sparse.after().continual().orElseThrow().mostForgotten().isEmpty());
    }

    @Test
    void anUnknownKindAnAbsentKeyAndAWrongTypeAreRefusedInOneLine() {
        for (String json : List.of("", "[]", "null", "{}", "{'kind':7}", "{'kind':'of-tomorrow\\n'}",
                COMMAND.replace("'command_id':'1',", ""),
                COMMAND.replace("'1'", "1"), COMMAND.replace("false", "'false'"), COMMAND.replace("false", "0"),
                COMMAND.replace("}", ",'live_version':1.5}"),
                COMMAND.replace("}", ",'live_version':99999999999999999999}"), COMMAND.replace("}", ",'paused':'true'}"),
                COMMAND.replace("}", ",'continual':3}"), COMMAND.replace("}", ",'continual':{}}"),
                "{'kind':'verdict','candidate_version':3,'outcome':'maybe'}",
                "{'kind':'verdict','candidate_version':3,'outcome':'pass','live':[]}",
                "{'kind':'verdict','candidate_version':3,'outcome':'pass','live':{'seen':'0.5'}}",
                "{'kind':'verdict','candidate_version':3,'outcome':'pass','live':{'seen':'NaN'}}",
                "{'kind':'verdict','candidate_version':3,'outcome':'pass','tests':[null]}",
                "{'kind':'verdict','candidate_version':3,'outcome':'pass','live':{},'per_class':[['cat',true,'3',4]]}",
                "{'kind':'verdict','candidate_version':3,'outcome':'pass','live':{},'per_class':[],'cut':['all']}",
                "{'kind':'verdict','candidate_version':3,'outcome':'pass','live':{},'feature_offsets':{'0':'7'}}")) {
            InvalidReportException e = assertThrows(InvalidReportException.class, () -> decode(json), json);
            assertTrue(e.getMessage().startsWith("The report cannot be read: ") && e.getMessage().lines().count() == 1, e.getMessage());
        }
        assertThrows(InvalidReportException.class, () -> ReportCodec.decode(null));
    }

    @Test
    void theTextIsAsItWasWrittenButForTheMemory() throws Exception {
        assertEquals("{\"kind\":\"x\",\"new\":[1.5]}",
                ReportCodec.text(bytes("{'kind':'x','waves':{'live':{}},'new':[1.5],'state':{}}")));
        assertThrows(InvalidReportException.class, () -> ReportCodec.text(bytes("[1]")));
    }

    private static final Gen<String> TEXTS = strings().betweenCodePoints(0x20, 0x4FF).ofLengthBetween(0, 60);
    /** NaN among them, which is null on the wire. */
    private static final Gen<Double> FRACTIONS = doubles().between(-0.1, 1).map(x -> x < 0 ? Double.NaN : x);

    @Test
    void aVerdictComesBackAsItWent() {
        qt().forAll(TEXTS, FRACTIONS, integers().between(0, 100_000), longs().between(0, Long.MAX_VALUE)).checkAssert((text, x, n, big) -> {
            VerdictReport verdict = verdict(text, x, n, big);
            EvaluationReport back = decodeOrFail(text(verdict));
            assertEquals(verdict, back);
            assertEquals(text(verdict), text(back));
        });
    }

    private static VerdictReport verdict(String text, double x, int n, long big) {
        return verdict(AnswerDetail.cut(
                Optional.of(Changed.of(List.of(new ChangedImage(text, text, "a", "b", n % 7, big)), List.of())),
                new ClassTable(List.of(new ClassRow(text, n % 2 == 0, n, n + 1)), List.of(new ConfusionCell(text, "b", n)))), text, x, n,
                big);
    }

    private static VerdictReport verdict(AnswerDetail detail, String text, double x, int n, long big) {
        PairedFigures.Pairs pairs = new PairedFigures.Pairs(n, n / 2, n / 3, 1);
        AccuracyFigures figures = new AccuracyFigures(x, 1 - x, x * x, Double.NaN);
        ContinualFigures continual = new ContinualFigures(new ContinualFigures.Waves(n, x, 0.5, x),
                new ContinualFigures.Waves(0, Double.NaN, Double.NaN, Double.NaN), Map.of(text, 0.25));
        GateAfter after = new GateAfter(ReportJson.object().put("live", n), Optional.of(continual), n % 2 == 0, big,
                ReportJson.object().put("report", "" + big));
        return new VerdictReport(new EvaluationReport.Head(text, big, n), new Ruling(n, big, 1, Answer.values()[n % 3], true, text,
                List.of(new PairedFigures("live", "seen", pairs, 0.01, 0.05, x, Double.NaN))),
                Optional.of(new ComparedPrompts(Map.of(Role.LIVE, figures, Role.CANDIDATE, figures), new ComparedOn(n, 1, 2, 3, big),
                        Optional.of(pairs), n % 2 == 0 ? Map.of() : Map.of(Role.CANDIDATE, calibration(x, n)), detail)),
                Optional.of(new GateDemands(0.01, 0.03, 0.95, n, 2, 3, n % 2 == 0 ? 0.02 : null)),
                n % 2 == 0 ? Rollout.DONE : new Rollout(false, text), after);
    }

    private static CalibrationFigures calibration(double x, int n) {
        return new CalibrationFigures(n, 1.5, new CalibrationFigures.Errors(x, 2), new CalibrationFigures.Errors(0.01, x),
                new CalibrationFigures.Selective(0.05, x, 0.5, x, 0.1, List.of(new CalibrationFigures.CoverageRow(1, x))),
                new CalibrationFigures.Unseen(n, x, Double.NaN));
    }

    @Test
    void calibrationHasItsPlaceOnTheWire() throws Exception {
        assertTrue(text(verdict(AnswerDetail.NONE, "", 0.25, 1, 1)).contains("""
                "calibration":{"candidate":{"images":1,"temperature":1.5,"uncalibrated":{"ece":0.25,"nll":2.0},\
                "calibrated":{"ece":0.01,"nll":0.25},"selective":{"target_error":0.05,"threshold":0.25,"coverage":0.5,"error":0.25,\
                "aurc":0.1,"accuracy_by_coverage":[[1.0,0.25]]},"unseen":{"images":1,"auroc":0.25,"fpr95":null}}}"""),
                text(verdict(AnswerDetail.NONE, "", 0.25, 1, 1)));
        for (String calibration : List.of("3", "[]", "{'live':3}", "{'live':{}}", "{'live':{'temperature':'1'}}")) {
            assertThrows(InvalidReportException.class,
                    () -> decode("{'kind':'measurement','live':{},'calibration':" + calibration + "}"), calibration);
        }
    }

    @Test
    void whatIsLongIsCutAndSaysSo() throws Exception {
        ClassTable whole = new ClassTable(Collections.nCopies(2_000, new ClassRow("c".repeat(50), true, 1, 2)),
                Collections.nCopies(6_000, new ConfusionCell("a", "b", 1)));
        AnswerDetail detail = AnswerDetail.cut(Optional.of(Changed.of(images(60), images(3))), whole);
        assertEquals(EnumSet.allOf(Part.class), detail.cut());
        Changed changed = detail.changed().orElseThrow();
        assertEquals(List.of(60, 3, 50, 3), List.of(changed.lostTotal(), changed.wonTotal(), changed.lost().size(), changed.won().size()));
        ClassTable classes = detail.classes().orElseThrow();
        assertEquals(5_000, classes.confusion().size());
        VerdictReport verdict = verdict(detail, "", 0.5, 1, 1);
        assertTrue(text(verdict).contains("\"cut\":[\"changed\",\"per_class\",\"confusion\"]"), "the form on the wire");
        assertEquals(verdict, decode(text(verdict)));
        int rowBytes = ReportJson.bytes(whole.perClass().get(0)).length + 1;
        assertEquals((64 << 10) / rowBytes, classes.perClass().size());
        assertEquals(Set.of(),
                AnswerDetail.cut(Optional.of(Changed.of(images(50), images(50))), new ClassTable(List.of(), List.of())).cut());
    }

    @Test
    void changedImagesAreCutByTheirBytesToo() {
        List<ChangedImage> long1 = List.of(new ChangedImage("i".repeat(33 << 10), "a", "a", "b", 0, 0));
        AnswerDetail detail = AnswerDetail.cut(Optional.of(Changed.of(long1, images(1))), new ClassTable(List.of(), List.of()));
        assertEquals(Set.of(Part.CHANGED), detail.cut());
        assertEquals(List.of(0, 1), List.of(detail.changed().orElseThrow().lost().size(), detail.changed().orElseThrow().won().size()));
    }

    private static List<ChangedImage> images(int count) {
        return IntStream.range(0, count).mapToObj(i -> new ChangedImage("id" + i, "a", "a", "b", 0, i)).toList();
    }

    @Test
    void damagedReports() throws Exception {
        List<byte[]> originals = written().stream().map(json -> json.getBytes(StandardCharsets.UTF_8)).toList();
        DecoderFuzz.Outcome outcome = new DecoderFuzz("evaluation report", InvalidReportException.class,
                input -> 256L * input.length + (1 << 18)).run(20_000, originals, ReportCodec::decode);
        assertTrue(outcome.decoded() > 100 && outcome.refused() > 1_000, outcome.toString());
    }

    @Test
    void shadowReports() throws Exception {
        ShadowReport report = new ShadowReport("default", "sha256:0", new ShadowReport.Asked(3, 4, 1_764_047_000_000L, 1_764_047_060_000L),
                new ShadowReport.Tally(812, 779, 791, 0), List.of(new ShadowReport.Change("tomato", "red apple", 9)));
        assertEquals("""
                {"prompt":"default","model":"sha256:0","live_version":3,"candidate_version":4,"from":1764047000000,"to":1764047060000,\
                "images":812,"agreed":779,"agreed_among_live_classes":791,"dropped":0,\
                "changes":[{"live":"tomato","candidate":"red apple","images":9}]}""", new String(report.encode(), StandardCharsets.UTF_8));
        assertEquals(report, ShadowReport.decode(report.encode()));
        DecoderFuzz.Outcome outcome = new DecoderFuzz("shadow report", InvalidReportException.class,
                input -> 64L * input.length + 65_536).run(20_000, List.of(report.encode()), ShadowReport::decode);
        assertTrue(outcome.decoded() > 100 && outcome.refused() > 1_000, outcome.toString());
    }

    private static List<String> written() throws IOException {
        try (InputStream in = ReportCodecTest.class.getResourceAsStream("/evaluation-reports.ndjson")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static EvaluationReport decode(String json) throws InvalidReportException {
        return ReportCodec.decode(json.startsWith("{\"") ? json.getBytes(StandardCharsets.UTF_8) : bytes(json));
    }

    private static EvaluationReport decodeOrFail(String json) {
        try {
            return ReportCodec.decode(json.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidReportException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(EvaluationReport report) {
        return new String(ReportCodec.encode(report), StandardCharsets.UTF_8);
    }
}
