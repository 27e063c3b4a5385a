package dev.promptgate.cli.labels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.ModelCheck;
import dev.promptgate.follower.PromptReader;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.suspect.Suspect;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "suspects", mixinStandardHelpOptions = true, description = "Lists the images whose labels look wrong to the live prompt, "
        + "the most suspect first: by confident learning (arXiv 1911.00068) over all images of image-features.", footer = {
                "", "Examples:", "  promptgate suspects --limit 20", "  promptgate suspects --label 'red apple' --json",
                "",
                "A line gives the label and what the image is taken for, the probabilities of the two, split and id. Look at the "
                        + "image before you believe it: the prompt may be wrong. To put a label right, send the image again under its "
                        + "id; readers take the last record. 'promptgate produce corrected.csv' does it with a table of columns "
                        + "file,label,id; 'promptgate erase' takes an image out.",
                "", "Reads image-features twice; a few hundred bytes an image stay in memory. Nothing is written."})
public final class SuspectsCommand extends PromptgateCommand {
    private static final int MAX_ID = 512;

    @Mixin
    private ModelOptions model;

    @Option(names = "--label", paramLabel = "NAME", description = "only images that have this label")
    private String label;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "the N most suspect; default: ${DEFAULT-VALUE}")
    private int limit;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    private int refused;

    @Override
    public Integer call() throws JsonProcessingException {
        if (limit < 1) {
            throw new IllegalArgumentException("--limit must be positive [limit: " + limit + "]");
        }
        SettingsValues values = common.resolve(Map.of(), model.settings());
        TopicNames topics = CommonOptions.topics(values);
        try (ClipModel clip = ModelOptions.load(values); TopicLog log = new TopicLog(CommonOptions.clients(values))) {
            Context handWritten = clip.textEncoder().contextFrom(values.get(PromptSettings.CONTEXT_INIT));
            LivePrompt live = live(values, log, new ModelCheck(values.get(PromptSettings.NAME), clip, handWritten.tokens()));
            ScoredImages scored = new ScoredImages(clip, live.prompt().orElseGet(() -> Prompt.handWritten(live.name(), handWritten)));
            log.forEach(topics.imageFeatures(), scored::list);
            List<String> classes = scored.encodeClasses();
            if (label != null && !classes.contains(label)) {
                throw new IllegalArgumentException("--label: no image has this label [label: %s, labels: %d]".formatted(Quoted.of(label),
                        classes.size()));
            }
            log.forEach(topics.imageFeatures(), scored::score);
            List<Suspect> suspects = scored.suspects(classes).stream()
                    .filter(suspect -> label == null || scored.images().get(suspect.image()).label().equals(label)).toList();
            show(live, scored, suspects, classes);
        }
        return refused == 0 ? 0 : 1;
    }

    private LivePrompt live(SettingsValues values, TopicLog log, ModelCheck check) {
        PromptReader reader = new PromptReader(check.name(), PromptKind.ROLLOUT, new TrustSettings(values).rolloutVerifier(), check);
        log.forEach(CommonOptions.topics(values).promptRollouts(), record -> take(record, reader));
        return reader.live();
    }

    private void take(ConsumerRecord<byte[], byte[]> record, PromptReader reader) {
        try {
            reader.take(record);
        } catch (RefusedPromptException e) {
            refused++;
            err().println("promptgate: refused: " + e.getMessage());
        }
    }

    private void show(LivePrompt live, ScoredImages scored, List<Suspect> suspects, List<String> classes) throws JsonProcessingException {
        List<Map<String, Object>> rows = suspects.stream().limit(limit).map(suspect -> row(suspect, scored, classes)).toList();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("prompt", live.name());
        figures.put("version", live.version());
        figures.put("images", scored.images().size());
        figures.put("classes", classes.size());
        figures.put("passed_over", scored.passedOver());
        figures.put("total", suspects.size());
        if (json) {
            figures.put("suspects", rows);
            out().println(new ObjectMapper().writeValueAsString(figures));
            return;
        }
        rows.forEach(row -> out().printf(Locale.ROOT, "%s → %s  %.3f < %.3f  %-8s  %s%n", Quoted.of((String) row.get("label")),
                Quoted.of((String) row.get("suggested")), row.get("self_confidence"), row.get("probability"), row.get("split"),
                Quoted.of((String) row.get("id"), MAX_ID)));
        out().printf("%d of %d labels look wrong to %s%s [prompt: %s, classes: %d, passed over: %d]%n", suspects.size(),
                scored.images().size(), live.version() == 0 ? "the hand-written prompt" : "version " + live.version(),
                rows.size() < suspects.size() ? ", the first %d are shown".formatted(rows.size()) : "", live.name(), classes.size(),
                scored.passedOver());
    }

    private static Map<String, Object> row(Suspect suspect, ScoredImages scored, List<String> classes) {
        ScoredImages.Image image = scored.images().get(suspect.image());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", image.id());
        row.put("label", image.label());
        row.put("suggested", classes.get(suspect.suggested()));
        row.put("self_confidence", suspect.selfConfidence());
        row.put("probability", suspect.probability());
        row.put("split", image.split().wireName());
        row.put("partition", image.source().partition());
        row.put("offset", image.source().offset());
        return row;
    }
}
