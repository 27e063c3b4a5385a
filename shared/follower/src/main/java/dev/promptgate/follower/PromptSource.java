package dev.promptgate.follower;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;

/** What is followed, a topic of one partition and a prompt, the key of its records, and what is believed of it. Immutable. */
public record PromptSource(KafkaClients clients, String topic, String prompt, PromptKind kind, PromptVerifier verifier,
        PromptCheck check) {
    /** The live prompt of a name; nothing is verified, and any model's prompt is taken. */
    public static PromptSource rollouts(KafkaClients clients, TopicNames topics, String prompt) {
        return new PromptSource(clients, topics.promptRollouts(), prompt, PromptKind.ROLLOUT, PromptVerifier.off(),
                PromptCheck.named(prompt));
    }

    /** The newest candidate of a name, judged or not; nothing is verified, and any model's prompt is taken. */
    public static PromptSource candidates(KafkaClients clients, TopicNames topics, String prompt) {
        return new PromptSource(clients, topics.promptCandidates(), prompt, PromptKind.CANDIDATE, PromptVerifier.off(),
                PromptCheck.named(prompt));
    }

    /** The same, signatures being verified. */
    public PromptSource verifiedBy(PromptVerifier other) {
        return new PromptSource(clients, topic, prompt, kind, other, check);
    }

    /** The same, with another check: {@link PromptCheck#of}, {@link ModelCheck}, or one's own. */
    public PromptSource checkedBy(PromptCheck other) {
        return new PromptSource(clients, topic, prompt, kind, verifier, other);
    }
}
