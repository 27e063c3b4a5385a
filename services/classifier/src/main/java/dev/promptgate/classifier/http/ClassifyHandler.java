package dev.promptgate.classifier.http;

import dev.promptgate.classifier.answer.Classification;
import dev.promptgate.classifier.answer.Classification.Answers;
import dev.promptgate.classifier.answer.Question;
import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.service.api.Admission;
import dev.promptgate.service.api.BodyReader;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/classify} and {@code POST /v1/classify/batch}. On the event loop, which only moves bytes. */
record ClassifyHandler(Classification classification, Admission admission, AnswerJson json, ClassifierMeters meters,
        ClassifyHandler.Limits limits) implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(ClassifyHandler.class);

    /** What an endpoint takes; a batch is several files of a form. */
    record Limits(boolean isBatch, long maxBytes, int maxFiles, QuestionReader questions) {}

    private record Body(long version, int answered, JsonObject body) {}

    @Override
    public void handle(RoutingContext context) {
        long began = System.nanoTime();
        boolean isForm = requireContentType(context).equals(BodyReader.FORM);
        Admission.Ticket ticket = admission.admit();
        context.addEndHandler(end -> ticket.release());
        Context loop = Vertx.currentContext();
        BodyReader.read(context.request(), ticket, isForm, limits.maxBytes(), limits.maxFiles()).compose(upload -> {
            Question question = limits.questions().read(context.queryParams(), upload.fields());
            if (upload.files().isEmpty()) {
                return Future.failedFuture(Problem.of(400, "The form holds no file; send the image as a file part").exception());
            }
            List<byte[]> files = upload.files().stream().map(part -> part.bytes().getBytes()).toList();
            return Future.fromCompletionStage(classification.classify(files, question), loop)
                    .map(answers -> limits.isBatch() ? batch(answers, upload.files()) : single(context, answers));
        }).onSuccess(answer -> {
            meters.answered(answer.answered(), System.nanoTime() - began);
            context.response().putHeader(ClassifierApi.VERSION_HEADER, Long.toString(answer.version()));
            context.json(answer.body());
        }).onFailure(cause -> fail(context, cause));
    }

    private Body single(RoutingContext context, Answers answers) {
        Answers.Image image = answers.images().get(0);
        image.failure().ifPresent(cause -> {
            context.response().putHeader(ClassifierApi.VERSION_HEADER, Long.toString(answers.prompt().version()));
            throw problem(cause).exception();
        });
        return new Body(answers.prompt().version(), 1, AnswerJson.labels(json.origin(answers.prompt()), image));
    }

    private Body batch(Answers answers, List<BodyReader.Part> files) {
        JsonArray results = new JsonArray();
        int answered = 0;
        for (int i = 0; i < files.size(); i++) {
            Answers.Image image = answers.images().get(i);
            JsonObject result = new JsonObject().put("name", files.get(i).name());
            answered += image.failure().isEmpty() ? 1 : 0;
            results.add(image.failure().map(cause -> result.put("error", problem(cause).json()))
                    .orElseGet(() -> AnswerJson.labels(result, image)));
        }
        return new Body(answers.prompt().version(), answered, json.origin(answers.prompt()).put("results", results));
    }

    private static Problem problem(Throwable cause) {
        return expected(cause).orElseGet(() -> {
            LOG.error("An image could not be classified", cause);
            return Problem.of(500, "The service failed; its log says why");
        });
    }

    /** Empty for what is the service's fault; what decoders say of themselves stays inside. */
    private static Optional<Problem> expected(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException expected) {
            return Optional.of(expected.problem());
        }
        return cause instanceof ImageRejectedException rejected ? Optional.of(problem(rejected)) : Optional.empty();
    }

    private static Problem problem(ImageRejectedException rejected) {
        return switch (rejected.fault()) {
            case EMPTY -> Problem.of(422, "The image is empty; send the file's bytes");
            case TOO_MANY_BYTES -> Problem.of(413, "The image file is larger than the limit; shrink it");
            case TOO_MANY_PIXELS -> Problem.of(413, "The image has more pixels than the limit; shrink it");
            case OUT_OF_MEMORY -> Problem.of(413, "Decoding the image takes more memory than there is; shrink it");
            case NOT_AN_IMAGE -> Problem.of(415, "The bytes are no image; send JPEG, PNG, GIF, BMP or WebP");
            case UNSUPPORTED_FORMAT -> Problem.of(415, rejected.getMessage());
            case TRUNCATED -> Problem.of(422, "The image file ends early; send it whole");
            case UNDECODABLE -> Problem.of(422, "The image is damaged or of a kind that is not supported; save it again");
        };
    }

    private static void fail(RoutingContext context, Throwable cause) {
        if (context.response().ended() || context.response().closed()) {
            return; // the client went away, or took too long
        }
        Optional<Problem> problem = expected(cause);
        context.fail(problem.isPresent() ? problem.get().exception() : cause);
    }

    private String requireContentType(RoutingContext context) {
        String type = BodyReader.mediaType(context.request());
        boolean isImage = type.startsWith("image/") || type.equals("application/octet-stream");
        if (!type.equals(BodyReader.FORM) && (limits.isBatch() || !isImage)) {
            throw Problem.of(415, limits.isBatch() ? "Send multipart/form-data with a file part for each image"
                    : "Send an image as image/* or application/octet-stream, or as a file part of multipart/form-data").exception();
        }
        return type;
    }
}
