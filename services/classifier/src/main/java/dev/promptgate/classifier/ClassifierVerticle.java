package dev.promptgate.classifier;

import dev.promptgate.classifier.http.Admission;
import dev.promptgate.classifier.http.ClassifierApi;
import dev.promptgate.classifier.pipeline.ImagePipeline;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.classifier.prompt.PromptSwitch;
import dev.promptgate.classifier.shadow.Shadow;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.follower.PromptFollower;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.api.ApiSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers applications over HTTP with the live prompt. Stopping, it answers what it has in hand. */
public final class ClassifierVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ClassifierVerticle.class);

    private final ClassifierSettings settings;
    private final ApiSettings api;
    private final ClipModel model;
    private final PromptSwitch prompts;
    private final PromptClassifier handWritten;
    private final PromptFollower follower;
    private final ClassifierMeters meters;
    private final Optional<Supplier<Shadow>> shadowMode;
    private Admission admission;
    private ImagePipeline pipeline;
    private Classification classification;
    private HttpServer server;
    private Optional<Shadow> shadow = Optional.empty();

    ClassifierVerticle(ClassifierSettings settings, ApiSettings api, ClipModel model, PromptSwitch prompts, PromptClassifier handWritten,
            PromptFollower follower,
            ClassifierMeters meters, Optional<Supplier<Shadow>> shadowMode) {
        this.settings = settings;
        this.api = api;
        this.model = model;
        this.prompts = prompts;
        this.handWritten = handWritten;
        this.follower = follower;
        this.meters = meters;
        this.shadowMode = shadowMode;
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(() -> shadow = shadowMode.map(Supplier::get)).compose(opened -> {
            Classification.Observer observer = shadow.<Classification.Observer>map(Shadow::mode).orElse((feature, live, best) -> {});
            admission = new Admission(settings, meters);
            pipeline = new ImagePipeline(settings, model, meters);
            classification = new Classification(pipeline, prompts, handWritten, meters, observer);
            return open();
        });
    }

    private Future<PromptFollower> open() {
        ClassifierApi paths = new ClassifierApi(vertx, settings, meters, prompts, model.fingerprint());
        return ApiServer.open(vertx, paths.router(api, classification, admission), paths.options(), api, settings.host(), settings.port())
                .onSuccess(open -> {
                    server = open;
                    LOG.info("Classifies at {} [prompt: {}, token: {}]", ApiServer.address(open, api, settings.host()), settings.prompt(),
                            api.token().isPresent() ? "needed" : "none");
                }).compose(open -> vertx.executeBlocking(follower::start)).onFailure(cause -> close());
    }

    /** Where applications ask, once it is started. */
    public String address() {
        return ApiServer.address(server, api, settings.host());
    }

    /** The port that applications ask; 0 before it is open. */
    public int port() {
        return server == null ? 0 : server.actualPort();
    }

    @Override
    public Future<?> stop() {
        return admission.close().eventually(server::close).eventually(() -> vertx.executeBlocking(() -> {
            close();
            return null;
        }));
    }

    private void close() {
        follower.close();
        pipeline.close();
        classification.close();
        shadow.ifPresent(Shadow::close);
    }
}
