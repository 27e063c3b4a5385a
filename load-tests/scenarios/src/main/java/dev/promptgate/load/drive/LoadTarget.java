package dev.promptgate.load.drive;

import dev.promptgate.load.service.ServiceSet;
import dev.promptgate.load.service.Watched;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import java.util.List;
import java.util.Optional;

/**
 * What the load falls on.
 *
 * @param prompt the prompt that learner and evaluator keep
 * @param encoderGroup the encoders' consumer group
 * @param watched processes to sample
 * @param services those that this run has started; empty if they run elsewhere
 */
public record LoadTarget(KafkaClients clients, TopicNames topics, String prompt, String encoderGroup, List<Watched> watched,
        Optional<ServiceSet> services) {}
