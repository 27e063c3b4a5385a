package dev.promptgate.benchmarks.measure;

import dev.promptgate.benchmarks.measure.ClassifyLoad.Answer;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Rolls signed prompts out, and holds answers against when that was. One thread writes; afterwards any asks. */
public final class RolloutsUnderLoad {
    private static final double NOISE = 0.01;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final PromptSigner signer;
    private final ClipModel model;
    private final String prompt;
    private final String contextInit;
    private final List<String> classes;
    private final TreeMap<Long, Long> publishedNanos = new TreeMap<>();

    /** Uses, but does not close, producer and model. */
    public RolloutsUnderLoad(KafkaProducer<byte[], byte[]> producer, String topic, PromptSigner signer, ClipModel model,
            SettingsValues settings, List<String> classes) {
        this.producer = producer;
        this.topic = topic;
        this.signer = signer;
        this.model = model;
        prompt = settings.get(PromptSettings.NAME);
        contextInit = settings.get(PromptSettings.CONTEXT_INIT);
        this.classes = classes;
    }

    /** The next version: the hand-written context, moved a little. */
    public void rollOut() throws ExecutionException, InterruptedException {
        long version = publishedNanos.isEmpty() ? 1 : publishedNanos.lastKey() + 1;
        Context start = model.textEncoder().contextFrom(contextInit);
        float[] values = start.values().clone();
        SplittableRandom random = new SplittableRandom(version);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (NOISE * random.nextGaussian());
        }
        byte[] value = PromptCodec.encode(new Prompt(start.withValues(values),
                new PromptMetadata(prompt, version, version - 1, model.fingerprint(), System.currentTimeMillis(),
                        new PromptMetadata.Origin(classes, contextInit, Map.of(), Map.of(), Map.of()), Map.of("reason", "a benchmark's"))));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, prompt.getBytes(StandardCharsets.UTF_8), value);
        signer.sign(record, PromptKind.ROLLOUT, version);
        publishedNanos.put(version, System.nanoTime()); // before the classifier can have it
        producer.send(record).get();
    }

    /** Rolls out every second for a time. */
    public void everySecond(double seconds) throws ExecutionException, InterruptedException {
        long began = System.nanoTime();
        for (int i = 0; i < (int) seconds; i++) {
            Thread.sleep(Math.max(0, i * 1000L - (System.nanoTime() - began) / 1_000_000));
            rollOut();
        }
    }

    /**
     * What the answers say of the swaps. An answer is wrong if it names a version that had not been published when it ended, or an older
     * one than an answer that had ended before it was asked for: then that version was not live any more.
     */
    public Map<String, Object> verdict(List<Answer> answers) {
        List<Answer> answered = answers.stream().filter(answer -> answer.failure().isEmpty()).toList();
        long unpublished = answered.stream()
                .filter(answer -> !publishedNanos.containsKey(answer.version()) || publishedNanos.get(answer.version()) > answer.endNanos())
                .count();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rollouts", publishedNanos.size());
        figures.put("requests", answers.size());
        figures.put("failed", answers.size() - answered.size());
        figures.put("not_live_yet", unpublished);
        figures.put("not_live_any_more", superseded(answered));
        figures.put("versions_seen", answered.stream().mapToLong(Answer::version).distinct().count());
        figures.put("longest_until_swapped_ms", longestUntilSwapped(answered));
        answers.stream().map(Answer::failure).filter(failure -> !failure.isEmpty()).findFirst()
                .ifPresent(failure -> figures.put("first_failure", failure));
        return figures;
    }

    /** Answers that name an older version than one that ended before they began. */
    private static long superseded(List<Answer> answered) {
        List<Answer> ended = answered.stream().sorted(Comparator.comparingLong(Answer::endNanos)).toList();
        long highest = 0;
        long wrong = 0;
        int next = 0;
        for (Answer answer : answered.stream().sorted(Comparator.comparingLong(Answer::sentNanos)).toList()) {
            while (next < ended.size() && ended.get(next).endNanos() <= answer.sentNanos()) {
                highest = Math.max(highest, ended.get(next++).version());
            }
            wrong += answer.version() < highest ? 1 : 0;
        }
        return wrong;
    }

    /** The longest time for which a version still answered new requests after the next one had been published. */
    private double longestUntilSwapped(List<Answer> answered) {
        return answered.stream().filter(answer -> publishedNanos.containsKey(answer.version() + 1))
                .mapToDouble(answer -> (answer.sentNanos() - publishedNanos.get(answer.version() + 1)) / 1e6)
                .reduce(0, Math::max);
    }
}
