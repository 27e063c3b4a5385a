package dev.promptgate.console.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.console.config.Source;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.testing.fuzz.DecoderFuzz;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ConsoleStateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACCURACIES = "{'seen':0.5,'unseen':0.25,'hm':0.33,'joint':0.4}";
    private static final String VERDICT = "{'kind':'verdict','prompt':'default','live_version':2,'candidate_version':3,"
            + "'outcome':'pass','final':true,'rolled_out':true,'look':1,'reason':'better',"
            + "'candidate':" + ACCURACIES + ",'live':" + ACCURACIES + ",'zero_shot':" + ACCURACIES + ",'images':{'seen':3,'unseen':1},"
            + "'changed':{'lost_total':7,'won_total':1,"
            + "'lost':[{'id':'a','label':'cat','live_answer':'cat','candidate_answer':'dog','partition':2,'offset':17}],'won':[]},"
            + "'per_class':[['cat',true,3,3],['dog',false,0,1]],'confusion':[['cat','cat',3],['dog','cat',1]],"
            + "'paused':true,'cool_down_until':9000,'state':{}}";

    private final ConsoleState state = new ConsoleState("default", true, false);

    @Test
    void atFirstEverySectionIsThereAndEmpty() {
        Map<Section, String> all = state.takeChanged();
        assertEquals(EnumSet.allOf(Section.class), all.keySet());
        assertEquals("{\"points\":[],\"events\":[]}", all.get(Section.ACCURACY));
        assertEquals("null", all.get(Section.LEARNING));
        assertEquals("{\"at\":0,\"topics\":[],\"services\":[],\"history\":[]}", all.get(Section.FLOW));
        assertTrue(
                all.get(Section.GATE).contains("\"version\":0") && all.get(Section.GATE).contains("\"commands\":true,\"classifier\":false"),
                all.get(Section.GATE));
        assertEquals(Map.of(), state.takeChanged(), "nothing has changed since");
    }

    @Test
    void aVerdictIsARowAPointAnEventAndTheFiguresOfTheLivePrompt() throws Exception {
        state.takeChanged();
        state.take(Source.EVALUATION_REPORTS, Records.report(VERDICT, 40));
        Map<Section, JsonNode> sections = changed();
        assertEquals(EnumSet.of(Section.ACCURACY, Section.GATE, Section.VERDICTS, Section.CLASSES), sections.keySet());
        JsonNode row = sections.get(Section.VERDICTS).path(0);
        assertEquals(40, row.path("id").asInt());
        assertEquals(1040, row.path("at").asLong());
        assertEquals(List.of(7, 1), List.of(row.path("lost").asInt(), row.path("won").asInt()));
        assertTrue(row.path("held_by").isNull() && row.path("rolled_out").asBoolean());
        assertEquals(0.4, row.path("candidate").path("joint").asDouble());
        JsonNode point = sections.get(Section.ACCURACY).path("points").path(0);
        assertEquals("verdict", point.path("kind").asText());
        assertEquals(3, point.path("candidate_version").asInt());
        assertEquals(JSON.readTree("{\"at\":1040,\"kind\":\"rollout\",\"from\":2,\"to\":3,\"reason\":\"better\"}"),
                sections.get(Section.ACCURACY).path("events").path(0));
        assertTrue(sections.get(Section.GATE).path("paused").asBoolean());
        assertEquals(9000, sections.get(Section.GATE).path("cool_down_until").asLong());
        JsonNode classes = sections.get(Section.CLASSES);
        assertEquals(List.of("dog", "cat"),
                List.of(classes.path("per_class").path(0).path("name").asText(), classes.path("per_class").path(1).path("name").asText()),
                "the worst first");
        assertEquals(4, classes.path("images").asInt());
        assertEquals(JSON.readTree("[[\"cat\",\"cat\",3],[\"dog\",\"cat\",1]]"), classes.path("confusion"));
        assertTrue(classes.path("complete").asBoolean());
    }

    @Test
    void aMeasurementsSuspectedLabelsAreShownUntilTheNext() throws Exception {
        state.takeChanged();
        state.take(Source.EVALUATION_REPORTS, Records.report("{'kind':'measurement','live_version':2,'suspected_labels':{'total':3,"
                + "'images':[{'id':'a\\n','label':'cat','suggested':'dog','self_confidence':0.1,'probability':0.8,"
                + "'partition':2,'offset':17}]}}",
                5));
        state.take(Source.EVALUATION_REPORTS, Records.report("{'kind':'measurement','live_version':3}", 6)); // of an older evaluator
        assertEquals(JSON.readTree("{\"version\":2,\"at\":1005,\"total\":3,\"images\":[{\"id\":\"a?\",\"label\":\"cat\","
                + "\"suggested\":\"dog\",\"self_confidence\":0.1,\"probability\":0.8,\"image\":\"/api/images/2/17\"}]}"),
                changed().get(Section.LABELS).path("suspects"));
    }

    @Test
    void aVerdictsChangedImagesAreFoundByItsOffset() throws Exception {
        state.take(Source.EVALUATION_REPORTS, Records.report(VERDICT, 40));
        JsonNode changed = JSON.readTree(state.changedImages(40).orElseThrow());
        assertEquals("/api/images/2/17", changed.path("lost").path(0).path("image").asText());
        assertEquals(7, changed.path("lost_total").asInt());
        assertTrue(state.changedImages(41).isEmpty());
    }

    @Test
    void aVerdictTellsHowCalibratedPromptsAreIfItsReportDoes() throws Exception {
        state.take(Source.EVALUATION_REPORTS, Records.report(VERDICT, 40));
        JsonNode candidate = changed().get(Section.VERDICTS).path(0).path("candidate");
        assertTrue(candidate.path("ece").isNull() && candidate.path("coverage").isNull(), candidate.toString());
        state.take(Source.EVALUATION_REPORTS, Records.report(VERDICT.replace("'images':", "'calibration':{'candidate':{'images':400,"
                + "'temperature':1.5,'uncalibrated':{'ece':0.1},'calibrated':{'ece':0.02},'unseen':{},'selective':{'target_error':0.05,"
                + "'coverage':0.75}}},'images':"), 41));
        JsonNode row = changed().get(Section.VERDICTS).path(0);
        assertEquals(JSON.readTree("{\"seen\":0.5,\"unseen\":0.25,\"hm\":0.33,\"joint\":0.4,\"ece\":0.02,\"temperature\":1.5,"
                + "\"coverage\":0.75,\"target_error\":0.05}"), row.path("candidate"));
        assertTrue(row.path("live").path("ece").isNull(), row.toString());
    }

    @Test
    void verdictsAreListedTheNewestFirstAndAHundredAtMost() throws Exception {
        for (int i = 0; i < 120; i++) {
            state.take(Source.EVALUATION_REPORTS, Records.report(VERDICT, i));
        }
        JsonNode verdicts = changed().get(Section.VERDICTS);
        assertEquals(List.of(100, 119, 20),
                List.of(verdicts.size(), verdicts.path(0).path("id").asInt(), verdicts.path(99).path("id").asInt()));
        assertTrue(state.changedImages(19).isEmpty());
    }

    @Test
    void aVerdictWithoutAComparisonHasNoPoint() throws Exception {
        state.take(Source.EVALUATION_REPORTS, Records.report(
                "{'kind':'verdict','live_version':2,'candidate_version':3,'outcome':'inconclusive','final':true,"
                        + "'rolled_out':false,'reason':'superseded'}",
                1));
        Map<Section, JsonNode> sections = changed();
        assertEquals(0, sections.get(Section.ACCURACY).path("points").size());
        JsonNode row = sections.get(Section.VERDICTS).path(0);
        assertTrue(row.path("live").isNull() && row.path("lost").isNull(), row.toString());
        assertEquals(0, JSON.readTree(state.changedImages(1).orElseThrow()).path("lost").size());
    }

    @Test
    void figuresThatAVerdictDoesNotTellAreNull() throws Exception {
        state.take(Source.EVALUATION_REPORTS,
                Records.report(VERDICT.replace("'look':1,", "").replace("'lost_total':7,'won_total':1,", ""), 40));
        JsonNode row = changed().get(Section.VERDICTS).path(0);
        assertTrue(row.path("look").isNull() && row.path("lost").isNull() && row.path("won").isNull(), row.toString());
        assertEquals(0, JSON.readTree(state.changedImages(40).orElseThrow()).path("lost_total").asInt(-1));
    }

    @Test
    void cutClassesAreNotComplete() throws Exception {
        state.take(Source.EVALUATION_REPORTS,
                Records.report("{'kind':'measurement','live_version':1,'live':{},'per_class':[],'confusion':[],'cut':['confusion']}", 1));
        assertFalse(changed().get(Section.CLASSES).path("complete").asBoolean());
        state.take(Source.EVALUATION_REPORTS,
                Records.report("{'kind':'measurement','live_version':1,'live':{},'per_class':[],'confusion':[],'cut':['changed']}", 1));
        assertTrue(changed().get(Section.CLASSES).path("complete").asBoolean());
    }

    @Test
    void whatOperatorsSayOfClassesIsShownUntilNothingIsSaid() throws Exception {
        state.takeChanged();
        state.take(Source.IMAGE_FEATURES, Records.of("promptgate-class/dog", Records.utf8("{\"retired\":true}"), 1, 1));
        state.take(Source.IMAGE_FEATURES, Records.of("promptgate-class/n01", Records.utf8("{\"description\":\"a cat\"}"), 2, 2));
        assertEquals(JSON.readTree("[{\"name\":\"dog\",\"retired\":true,\"description\":null},"
                + "{\"name\":\"n01\",\"retired\":false,\"description\":\"a cat\"}]"), changed().get(Section.CLASSES).path("said"));
        state.take(Source.IMAGE_FEATURES, Records.of("promptgate-class/dog", null, 3, 3));
        assertEquals(1, changed().get(Section.CLASSES).path("said").size());
    }

    @Test
    void theConfigTopicTellsWhatIsLive() throws Exception {
        state.take(Source.PROMPT_ROLLOUTS, Records.snapshot("default", 4, Map.of(), Map.of("reason", "why")));
        state.take(Source.PROMPT_ROLLOUTS, Records.snapshot("other", 9, Map.of(), Map.of()));
        JsonNode live = changed().get(Section.GATE).path("live");
        assertEquals(JSON.readTree("{\"version\":4,\"classes\":2,\"reason\":\"why\",\"since\":400}"), live);
        state.take(Source.PROMPT_ROLLOUTS, Records.of("default", null, 5, 500));
        assertEquals(0, changed().get(Section.GATE).path("live").path("version").asInt());
    }

    @Test
    void aCandidateTellsOfItsUpdate() throws Exception {
        state.take(Source.PROMPT_CANDIDATES,
                Records.snapshot("default", 4,
                        Map.of("method", "gcscoop", "rho", "0.1", "steps", "100", "final_loss", "2.5", "final_perturbed_loss", "NaN",
                                "steps_sam", "98", "steps_erm", "2", "trace",
                                "{\"step\":[50,100],\"loss\":[2.6,2.5],\"perturbed_loss\":[null,null],\"cosine\":[\"x\",1]}"),
                        Map.of()));
        JsonNode learning = changed().get(Section.LEARNING);
        assertEquals(List.of(0.1, 2.5, 100.0),
                List.of(learning.path("rho").asDouble(), learning.path("loss").asDouble(), learning.path("steps").asDouble()));
        assertTrue(learning.path("perturbed_loss").isNull() && learning.path("learning_rate").isNull(), learning.toString());
        assertEquals(JSON.readTree("{\"erm\":2,\"sam\":98}"), learning.path("branches"));
        assertEquals(JSON.readTree("{\"step\":[50,100],\"loss\":[2.6,2.5],\"perturbed_loss\":[null,null],\"cosine\":[null,1]}"),
                learning.path("trace"));
        state.take(Source.PROMPT_CANDIDATES, Records.snapshot("default", 5, Map.of("trace", "{"), Map.of()));
        assertTrue(changed().get(Section.LEARNING).path("trace").isNull());
    }

    @Test
    void anAnswerMayBeReadBeforeItsCommand() throws Exception {
        state.take(Source.EVALUATION_REPORTS,
                Records.report("{'kind':'command','command_id':'1','accepted':false,'reason':'too late'}", 1));
        state.take(Source.GATE_COMMANDS, command("1"));
        state.take(Source.GATE_COMMANDS, command("2"));
        JsonNode commands = changed().get(Section.COMMANDS);
        assertEquals("2", commands.path(0).path("id").asText());
        assertTrue(commands.path(0).path("accepted").isNull());
        assertTrue(commands.path(1).path("accepted").isBoolean() && commands.path(1).path("answer").asText().equals("too late"),
                commands.toString());
        state.take(Source.EVALUATION_REPORTS,
                Records.report("{'kind':'rollback','command_id':'2','accepted':true,'from':2,'to':1,'reason':'operator me: why'}", 2));
        assertTrue(changed().get(Section.COMMANDS).path(0).path("accepted").asBoolean());
    }

    @Test
    void labelsThatWouldBeTheSamePromptAreShownUntilTheyAreMerged() throws Exception {
        state.takeChanged();
        state.take(Source.IMAGE_FEATURES, Records.feature("a", "Elephant", 1, "x"));
        assertEquals(Map.of(), changed(), "one spelling");
        state.take(Source.IMAGE_FEATURES, Records.feature("b", "it's a cat", 2, "x"));
        state.take(Source.IMAGE_FEATURES, Records.feature("c", "elephant ", 3, "x"));
        state.take(Source.IMAGE_FEATURES, Records.feature("d", "It's A cat", 4, "x"));
        assertEquals(JSON.createArrayNode()
                .add(JSON.createObjectNode().put("labels", "\"Elephant\", \"elephant \"").put("merge",
                        "promptgate labels merge --to=elephant --yes"))
                .add(JSON.createObjectNode().put("labels", "\"It's A cat\", \"it's a cat\"").put("merge",
                        "promptgate labels merge --to='it'\\''s a cat' --yes")),
                changed().get(Section.LABELS).path("same_prompt"));
        state.take(Source.IMAGE_FEATURES, Records.feature("d", "it's a cat", 5, "x"));
        state.take(Source.IMAGE_FEATURES, Records.of("c", null, 6, 6));
        assertEquals(0, changed().get(Section.LABELS).path("same_prompt").size());
    }

    /** Its images may be long past. */
    @Test
    void aClassOfTheLastCandidateCountsUntilItsLastImageIsRelabelled() throws Exception {
        state.take(Source.PROMPT_CANDIDATES, Records.snapshot("default", 4, Map.of(), Map.of())); // of cat and dog
        state.take(Source.IMAGE_FEATURES, Records.feature("a", "CAT", 1, "x"));
        assertEquals("\"CAT\", \"cat\"", changed().get(Section.LABELS).path("same_prompt").path(0).path("labels").asText());
        state.take(Source.IMAGE_FEATURES, Records.feature("b", "cat", 2, "x"));
        state.take(Source.IMAGE_FEATURES, Records.feature("b", "CAT", 3, "x"));
        assertEquals(0, changed().get(Section.LABELS).path("same_prompt_total").asInt(-1));
    }

    @Test
    void anIdThatComesAgainWithOtherBytesIsShown() throws Exception {
        state.take(Source.IMAGE_FEATURES, Records.feature("IMG_0001", "cat", 1, ""));
        state.take(Source.IMAGE_FEATURES, Records.feature("IMG_0001", "cat", 2, "x"));
        state.take(Source.IMAGE_FEATURES, Records.feature("IMG_0001", "dog", 3, "x"));
        assertEquals(0, changed().get(Section.LABELS).path("reused_ids_total").asInt(-1), "the same bytes, or unknown ones");
        state.take(Source.IMAGE_FEATURES, Records.feature("IMG_0001", "dog", 4, "y"));
        JsonNode labels = changed().get(Section.LABELS);
        assertEquals(JSON.readTree("[{\"at\":4,\"id\":\"IMG_0001\",\"label\":\"dog\"}]"), labels.path("reused_ids"));
        assertEquals(1, labels.path("reused_ids_total").asInt());
    }

    @Test
    void theNewestTenThousandImagesAreLookedAt() throws Exception {
        state.take(Source.IMAGE_FEATURES, Records.feature("old", "CAT", 0, "x"));
        state.take(Source.IMAGE_FEATURES, Records.feature("old too", "cat", 0, "x"));
        assertEquals(1, changed().get(Section.LABELS).path("same_prompt_total").asInt());
        for (int i = 0; i < 10_000; i++) {
            state.take(Source.IMAGE_FEATURES, Records.feature("id" + i, "dog", i, "x"));
        }
        assertEquals(0, changed().get(Section.LABELS).path("same_prompt_total").asInt(-1));
    }

    private static ConsumerRecord<byte[], byte[]> command(String id) {
        return Records.of("default",
                new GateCommand(id, GateCommand.Action.ROLLBACK, OptionalLong.of(1), "why", "me", 0).encode(), 1, 1);
    }

    @Test
    void rejectionsAreCountedByCodeAndUnknownCodesTogether() throws Exception {
        for (String code : List.of("not-an-image", "not-an-image", "of-tomorrow", "of-the-day-after")) {
            ConsumerRecord<byte[], byte[]> record = Records.of("id", new byte[3], 5, 77);
            record.headers().add("error-code", Records.utf8(code)).add("error-message", Records.utf8("It is none"))
                    .add("source-topic", Records.utf8("labelled-images"))
                    .add("source-partition", Records.utf8("3")).add("source-offset", Records.utf8("17"))
                    .add("label", new byte[] {'c', (byte) 0xFF, '\n'});
            state.take(Source.REJECTED_IMAGES, record);
        }
        JsonNode rejections = changed().get(Section.REJECTIONS);
        assertEquals(JSON.readTree("{\"not-an-image\":2,\"other\":2}"), rejections.path("by_code"));
        assertEquals(4, rejections.path("total").asInt());
        assertEquals(JSON.readTree(
                "{\"at\":77,\"id\":\"id\",\"code\":\"of-the-day-after\",\"message\":\"It is "
                        + "none\",\"label\":\"c\uFFFD?\",\"source\":{\"partition\":3,\"offset\":17},\"image\":\"/api/rejected/0/5\"}"),
                rejections.path("recent").path(0));
    }

    @Test
    void whatCannotBeUsedIsRefusedAndChangesNothing() {
        state.takeChanged();
        for (Source source : Source.values()) {
            assertThrows(UnusableRecordException.class, () -> state.take(source, Records.of("default", Records.utf8("[]"), 1, 1)),
                    source.name());
        }
        for (Source source : List.of(Source.PROMPT_CANDIDATES, Source.EVALUATION_REPORTS, Source.GATE_COMMANDS)) {
            assertThrows(UnusableRecordException.class, () -> state.take(source, Records.of("default", null, 1, 1)), source.name());
        }
        assertEquals(Map.of(), state.takeChanged());
    }

    /** Whatever a report holds, the sections stay JSON, and bounded. */
    @Test
    void damagedReports() {
        DecoderFuzz.Outcome outcome = new DecoderFuzz("console report", UnusableRecordException.class,
                input -> 1024L * input.length + (1 << 22)).run(20_000,
                        List.of(Records.utf8(VERDICT.replace('\'', '"'))), bytes -> {
                            state.take(Source.EVALUATION_REPORTS, Records.of("default", bytes, 1, 1));
                            for (String json : state.takeChanged().values()) {
                                JSON.readTree(json);
                            }
                            JSON.readTree(state.changedImages(1).orElse("{}"));
                        });
        assertTrue(outcome.decoded() > 100 && outcome.refused() > 1_000, outcome.toString());
    }

    @Test
    void ratesAreTakenBetweenSamples() throws Exception {
        state.flow(sample(1000, 50, OptionalLong.empty()));
        assertTrue(changed().get(Section.FLOW).path("topics").path(0).path("rate").isNull());
        state.flow(sample(3000, 150, OptionalLong.of(12)));
        JsonNode flow = changed().get(Section.FLOW);
        assertEquals(50.0, flow.path("topics").path(0).path("rate").asDouble());
        assertEquals(JSON.readTree("[{\"name\":\"encoder\",\"lag\":12}]"), flow.path("services"));
        assertEquals(JSON.readTree("[{\"at\":1000,\"rates\":[null],\"lags\":[null]},{\"at\":3000,\"rates\":[50.0],\"lags\":[12]}]"),
                flow.path("history"));
        for (int i = 0; i < 200; i++) {
            state.flow(sample(5000 + i, 150, OptionalLong.of(0)));
        }
        assertEquals(150, changed().get(Section.FLOW).path("history").size());
    }

    private static FlowSample sample(long at, long records, OptionalLong lag) {
        return new FlowSample(at, List.of(new FlowSample.Topic("labelled-images", records, true)),
                List.of(new FlowSample.Service("encoder", lag)));
    }

    private Map<Section, JsonNode> changed() throws Exception {
        Map<Section, JsonNode> sections = new EnumMap<>(Section.class);
        for (Map.Entry<Section, String> section : state.takeChanged().entrySet()) {
            sections.put(section.getKey(), JSON.readTree(section.getValue()));
        }
        return sections;
    }
}
