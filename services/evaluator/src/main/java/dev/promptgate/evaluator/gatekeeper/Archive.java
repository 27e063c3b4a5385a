package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.evaluator.candidate.RefusedException;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds prompts that were live in the topics. Blocking: it reads them through. */
final class Archive implements LongFunction<Optional<KnownPrompt>> {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

    private final KafkaClients clients;
    private final TopicNames topics;
    private final String prompt;
    private final CandidateCheck check;

    Archive(KafkaClients clients, TopicNames topics, String prompt, CandidateCheck check) {
        this.clients = clients;
        this.topics = topics;
        this.prompt = prompt;
        this.check = check;
    }

    @Override
    public Optional<KnownPrompt> apply(long version) {
        ReportHistory history = new ReportHistory(prompt);
        KnownPrompt[] found = new KnownPrompt[1];
        try (TopicLog log = new TopicLog(clients)) {
            log.forEach(topics.evaluationReports(), history::take);
            if (history.wasLive(version)) {
                log.forEach(topics.promptCandidates(),
                        record -> read(record).filter(snapshot -> snapshot.metadata().version() == version && found[0] == null)
                                .ifPresent(snapshot -> found[0] = KnownPrompt.of(snapshot)));
            }
        }
        return Optional.ofNullable(found[0]);
    }

    /** The candidate in a record, if it can be used. */
    Optional<Prompt> read(ConsumerRecord<byte[], byte[]> record) {
        if (!ReportHistory.isFor(prompt, record)) {
            return Optional.empty();
        }
        try {
            return Optional.of(check.check(record));
        } catch (RefusedException e) {
            LOG.debug("A candidate cannot be used [offset: {}, cause: {}]", record.offset(), e.getMessage());
            return Optional.empty();
        }
    }
}
