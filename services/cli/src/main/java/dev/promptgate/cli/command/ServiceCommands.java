package dev.promptgate.cli.command;

import dev.promptgate.classifier.ClassifierVerticle;
import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.cli.model.DeviceMeters;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.evaluator.EvaluatorVerticle;
import dev.promptgate.ingest.IngestVerticle;
import dev.promptgate.ingest.config.IngestSettings;
import dev.promptgate.learner.LearnerVerticle;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import io.vertx.core.VerticleBase;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands that run one service until they are told to stop. */
public final class ServiceCommands {
    private ServiceCommands() {}

    @FunctionalInterface
    public interface Factory {
        VerticleBase verticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model, ServiceHost host);
    }

    public abstract static class Service extends ServingCommand {
        @Mixin
        private ModelOptions model;

        private final Factory factory;

        protected Service(Factory factory) {
            this.factory = factory;
        }

        protected Map<String, String> more() {
            return Map.of();
        }

        /** The model; closed by the caller. */
        protected ClipModel load(SettingsValues values) {
            return ModelOptions.load(values);
        }

        @Override
        public Integer call() throws Exception {
            Map<String, String> options = new HashMap<>(model.settings());
            options.putAll(more());
            SettingsValues values = resolve(options);
            try (ClipModel clip = load(values); ServiceHost host = new ServiceHost(values)) {
                DeviceMeters.register(host.registry(), clip.device());
                VerticleBase verticle = factory.verticle(values, CommonOptions.clients(values), CommonOptions.topics(values), clip, host);
                host.start(() -> verticle).await();
                serve(host, values, "", "model: " + clip.fingerprint() + ", ");
            }
            stopped();
            return 0;
        }
    }

    @Command(name = "encoder", mixinStandardHelpOptions = true, description = "Runs the encoder: labelled images in, CLIP features "
            + "out, in one Kafka transaction. Scale it out by partition.", footer = {
                    "", "Example: promptgate encoder --bootstrap-servers kafka:9092 --model openai/clip-vit-base-patch16 --device auto"})
    public static final class Encoder extends Service {
        Encoder() {
            super(EncoderVerticle::new);
        }
    }

    @Command(name = "learner", mixinStandardHelpOptions = true, description = "Runs the learner: features in, prompt candidates out, "
            + "by continual GCSCoOp. One per prompt name.", footer = {
                    "", "Example: promptgate learner --bootstrap-servers kafka:9092 --set learner.min-shots=16"})
    public static final class Learner extends Service {
        Learner() {
            super(LearnerVerticle::new);
        }
    }

    @Command(name = "evaluator", mixinStandardHelpOptions = true, description = "Runs the evaluator: candidates in, verdicts and "
            + "rollouts out. One per prompt name.", footer = {
                    "", "Example: promptgate evaluator --bootstrap-servers kafka:9092 --set evaluator.max-seen-drop=0.005"})
    public static final class Evaluator extends Service {
        Evaluator() {
            super(EvaluatorVerticle::new);
        }
    }

    @Command(name = "classifier", mixinStandardHelpOptions = true, description = "Runs the classifier: follows the live prompt and "
            + "answers POST /v1/classify over HTTP. Any number per prompt name.", footer = {
                    "", "Examples:", "  promptgate classifier --bootstrap-servers kafka:9092 --port 8080",
                    "  curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' http://127.0.0.1:8080/v1/classify?top=3"})
    public static final class Classifier extends Service {
        @Option(names = "--port", paramLabel = "PORT", description = "port that applications ask; 0 takes any (classifier.port)")
        private Integer port;

        Classifier() {
            super(ClassifierVerticle::new);
        }

        @Override
        protected Map<String, String> more() {
            return port == null ? Map.of() : Map.of(ClassifierSettings.PORT.key(), port.toString());
        }
    }

    @Command(name = "ingest", mixinStandardHelpOptions = true, description = "Takes labelled images over HTTP and from Label Studio's "
            + "webhook: POST and DELETE /v1/labels, POST /v1/label-studio. Any number. Needs no model.", footer = {
                    "", "Examples:", "  PROMPTGATE_API_TOKEN=… promptgate ingest --bootstrap-servers kafka:9092 --port 8082",
                    "  curl -H \"Authorization: Bearer $PROMPTGATE_API_TOKEN\" -F image=@photo.jpg -F label='red apple' "
                            + "http://127.0.0.1:8082/v1/labels"})
    public static final class Ingest extends ServingCommand {
        @Option(names = "--port", paramLabel = "PORT", description = "port that takes labels; 0 takes any (ingest.port)")
        private Integer port;

        @Override
        public Integer call() throws Exception {
            Map<String, String> options = new HashMap<>();
            CommonOptions.put(options, IngestSettings.PORT, port);
            SettingsValues values = resolve(options);
            try (ServiceHost host = new ServiceHost(values)) {
                IngestVerticle ingest = new IngestVerticle(values, CommonOptions.clients(values), CommonOptions.topics(values), host);
                host.start(() -> ingest).await();
                serve(host, values, "takes labels at " + ingest.address() + ", ", "");
            }
            stopped();
            return 0;
        }
    }
}
