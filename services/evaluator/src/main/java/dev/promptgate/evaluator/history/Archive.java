package dev.promptgate.evaluator.history;

import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.topic.TopicNames;
import java.util.Optional;
import java.util.function.LongFunction;

/** Finds prompts that were live in the topics. Blocking: it reads them through. */
public record Archive(KafkaClients clients, TopicNames topics, PromptKey key,
        CandidateCheck check) implements LongFunction<Optional<Prompt>> {
    @Override
    public Optional<Prompt> apply(long version) {
        ReportHistory history = new ReportHistory(key);
        Prompt[] found = new Prompt[1];
        try (TopicLog log = new TopicLog(clients)) {
            log.forEach(topics.evaluationReports(), history::take);
            if (history.wasLive(version)) {
                log.forEach(topics.promptCandidates(), record -> {
                    if (found[0] == null && key.isOf(record)) {
                        found[0] = CandidateHistory.read(check, record).filter(prompt -> prompt.version() == version).orElse(null);
                    }
                });
            }
        }
        return Optional.ofNullable(found[0]);
    }
}
