package dev.promptgate.cli.trace;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.cli.trace.PromptHistory.Candidate;
import dev.promptgate.cli.trace.PromptHistory.Report;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an image's feature did: the prompts that it was there to train, or to judge. Which of a class's images are among its shots is
 * known to the learner alone, so a candidate is said to have had the image to choose from.
 */
final class PromptEvents {
    private final PromptHistory history;
    private final List<TraceEvent> events = new ArrayList<>();
    private String state = "";

    PromptEvents(PromptHistory history) {
        this.history = history;
    }

    /** Adds those of one feature record; the state is then that of this record. */
    void add(FeatureRecord image) {
        ImageFeature feature = image.feature().orElseThrow();
        if (feature.split() == Split.TRAIN) {
            trained(image, feature.label());
        } else {
            judges(image, feature.split());
        }
    }

    private void trained(FeatureRecord image, String label) {
        List<Candidate> covering = history.covering(image);
        if (covering.isEmpty()) {
            state = "encoded for training; no candidate has been learned on \"%s\" with it yet (a class needs learner.min-shots images, and an update waits for learner.settle-time)"
                    .formatted(Quoted.of(label));
            return;
        }
        Candidate first = covering.get(0);
        Set<Long> versions = covering.stream().map(Candidate::version).collect(Collectors.toSet());
        int later = covering.size() - 1;
        events.add(TraceEvent.of(Stage.TRAINED, first.record(),
                "version %d is the first that was learned on \"%s\" with this image to choose from%s".formatted(first.version(),
                        Quoted.of(label), later == 0 ? "" : "; %d later ones were, too".formatted(later)),
                details("version", first.version(), "horizon", first.horizon(), "later_versions", later)));
        Set<Report> verdicts = new HashSet<>(history.verdictsOn(first));
        Optional<Report> rollout = history.firstRolloutOf(versions);
        rollout.ifPresent(verdicts::add);
        verdicts.forEach(this::verdict);
        history.firstLiveOf(versions)
                .ifPresent(live -> events.add(TraceEvent
                        .of(Stage.LIVE, live.record(), "version %d in prompt-rollouts".formatted(live.version()),
                                details("version", live.version()))
                        .notBefore(rollout.map(report -> report.record().timestamp()).orElse(0L))));
        history.endsOf(versions).forEach(this::rollback);
        state = state(versions, first, rollout);
    }

    private String state(Set<Long> versions, Candidate first, Optional<Report> rollout) {
        long live = history.liveVersion();
        if (versions.contains(live)) {
            return "live: version %d, which was learned with it to choose from".formatted(live);
        }
        if (rollout.isPresent()) {
            return "was live in version %d; live now is version %d, which was learned without it"
                    .formatted(rollout.get().json().path("candidate_version").asLong(), live);
        }
        List<Report> verdicts = history.verdictsOn(first);
        return verdicts.isEmpty()
                ? "learned into version %d, which waits for its verdict; live is version %d".formatted(first.version(), live)
                : "learned into version %d, which is not live (%s); live is version %d".formatted(first.version(),
                        outcome(verdicts.get(verdicts.size() - 1).json()), live);
    }

    private void verdict(Report report) {
        JsonNode json = report.json();
        String outcome = outcome(json);
        String what = json.has("refusal") ? "the candidate was refused: %s".formatted(json.path("reason").asText())
                : "version %d against live %d: %s%s: %s".formatted(json.path("candidate_version").asLong(),
                        json.path("live_version").asLong(), outcome,
                        report.isRollout() ? ", rolled out" : "", json.path("reason").asText());
        events.add(TraceEvent.of(Stage.VERDICT, report.record(), what,
                details("version", json.path("candidate_version").asLong(), "outcome", outcome, "rolled_out", report.isRollout(),
                        "reason", json.path("reason").asText())));
    }

    private void rollback(Report report) {
        JsonNode json = report.json();
        events.add(TraceEvent.of(Stage.ROLLED_BACK, report.record(),
                "from version %d to %d: %s".formatted(json.path("from").asLong(), json.path("to").asLong(), json.path("reason").asText()),
                details("from", json.path("from").asLong(), "to", json.path("to").asLong(), "reason", json.path("reason").asText())));
    }

    private static String outcome(JsonNode report) {
        if (report.has("refusal")) {
            return "refused, " + report.path("refusal").asText();
        }
        String held = report.path("held_by").asText();
        return report.path("outcome").asText() + (held.isEmpty() ? "" : ", held by " + held);
    }

    private void judges(FeatureRecord image, Split split) {
        List<Report> judged = history.judgedWith(image);
        state = judged.isEmpty() ? "encoded to judge (%s); no candidate has been judged since".formatted(split.wireName())
                : "judges (%s): it counted in %d verdict%s, of each class the newest images".formatted(split.wireName(), judged.size(),
                        judged.size() == 1 ? "" : "s");
        judged.stream().limit(1)
                .forEach(report -> events.add(TraceEvent.of(Stage.JUDGED_BY, report.record(),
                        "the verdict on version %d (%s) is the first with it among the images%s"
                                .formatted(report.json().path("candidate_version").asLong(), outcome(report.json()),
                                        judged.size() == 1 ? "" : "; %d later ones had it, too".formatted(judged.size() - 1)),
                        details("version", report.json().path("candidate_version").asLong(), "outcome", outcome(report.json()),
                                "later_verdicts", judged.size() - 1))));
    }

    private static Map<String, Object> details(Object... pairs) {
        Map<String, Object> details = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            details.put((String) pairs[i], pairs[i + 1]);
        }
        return details;
    }

    List<TraceEvent> events() {
        return events;
    }

    /** What became of the image by its last record. */
    String state() {
        return state;
    }
}
