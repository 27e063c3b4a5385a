package dev.promptgate.classifier.answer;

import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.classifier.config.ClassifierMeters.Overload;
import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.classifier.config.Selection;
import dev.promptgate.classifier.prompt.LabelRanker;
import dev.promptgate.classifier.prompt.LabelRanker.Label;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.classifier.prompt.PromptSwitch;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.clip.pipeline.ImagePipeline;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * From image files to answers of the prompt that is live at the moment when their features are there. Scoring, and text features that are
 * not remembered, have a thread each, so that a request with unknown classes does not hold up the others. Thread-safe; whoever makes it
 * closes it.
 */
public final class Classification implements AutoCloseable {
    /** What the images of a request show, in its order, by one prompt. */
    public record Answers(PromptClassifier prompt, List<Image> images) {
        /**
         * One image's labels, the likeliest first, and those of the hand-written prompt and whether the prompt stands behind the first
         * label, if asked for; or why there are none.
         */
        public record Image(List<Label> labels, Optional<List<Label>> zeroShot, Optional<Selection> selection,
                Optional<Throwable> failure) {
            static Image failed(Throwable cause) {
                return new Image(List.of(), Optional.empty(), Optional.empty(), Optional.of(cause));
            }
        }
    }

    /** Looks on, without blocking, when an image was answered with the live prompt's own classes. */
    @FunctionalInterface
    public interface Observer {
        /** @param feature [dim], L2-normalised */
        void answered(float[] feature, PromptClassifier live, Label best);
    }

    private record Spaces(LabelRanker live, Optional<LabelRanker> zeroShot) {}

    private final ImagePipeline pipeline;
    private final PromptSwitch prompts;
    private final PromptClassifier handWritten;
    private final ClassifierMeters meters;
    private final Optional<? extends Observer> observer;
    private final ExecutorService scorer = Executors.newSingleThreadExecutor(task -> new Thread(task, "promptgate-classifier-score"));
    private final ExecutorService texts = Executors.newSingleThreadExecutor(task -> new Thread(task, "promptgate-classifier-text"));

    /** Starts the pipeline, which decodes out of {@code memory}; {@code handWritten} gives the zero-shot answers. */
    public Classification(ClassifierSettings settings, ClipModel model, DecodeMemory memory, PromptSwitch prompts,
            PromptClassifier handWritten,
            ClassifierMeters meters, Optional<? extends Observer> observer) {
        pipeline = new ImagePipeline(model.preprocessor(), model.imageEncoder(), settings.pipeline(memory), meters.pipeline());
        meters.gauge(ClassifierMeters.QUEUE, pipeline::waiting);
        this.prompts = prompts;
        this.handWritten = handWritten;
        this.meters = meters;
        this.observer = observer;
    }

    /**
     * Classifies image files.
     *
     * @return fails with a {@link ProblemException}, or with what broke; an image that fails does not fail the others
     */
    public CompletionStage<Answers> classify(List<byte[]> files, Question question) {
        if (prompts.current().isEmpty()) {
            meters.increment(ClassifierMeters.OVERLOAD, Overload.STARTING);
            return CompletableFuture.failedFuture(Overload.STARTING.exception());
        }
        List<CompletableFuture<float[]>> features = files.stream().map(this::feature).toList();
        return CompletableFuture.allOf(features.toArray(CompletableFuture[]::new)).handleAsync((done, failure) -> {
            PromptClassifier prompt = prompts.current().orElseThrow();
            List<String> classes = question.classes();
            boolean zeroShot = question.zeroShot();
            List<String> among = classes.isEmpty() ? prompt.own().classes() : classes;
            if (among.isEmpty()) {
                throw noClasses();
            }
            Optional<LabelRanker> live = classes.isEmpty() ? Optional.of(prompt.own()) : prompt.remembered(among);
            Optional<LabelRanker> plain = zeroShot ? handWritten.remembered(among) : Optional.empty();
            CompletionStage<Spaces> spaces = live.isPresent() && (!zeroShot || plain.isPresent())
                    ? CompletableFuture.completedFuture(new Spaces(live.get(), plain))
                    : CompletableFuture.supplyAsync(() -> encode(live, prompt, among, zeroShot), texts);
            if (classes.isEmpty()) {
                observer.ifPresent(watching -> features.stream().filter(feature -> !feature.isCompletedExceptionally())
                        .forEach(feature -> watching.answered(feature.join(), prompt, prompt.own().rank(feature.join(), 1).get(0))));
            }
            return spaces.thenApply(found -> new Answers(prompt,
                    features.stream().map(feature -> answer(feature, prompt, found, question)).toList()));
        }, scorer).thenCompose(answers -> answers);
    }

    private CompletableFuture<float[]> feature(byte[] file) {
        return pipeline.submit(preprocessor -> preprocessor.preprocess(file), () -> {
            meters.increment(ClassifierMeters.OVERLOAD, Overload.QUEUE);
            return Overload.QUEUE.exception();
        }).exceptionally(cause -> {
            if (cause instanceof DecodeMemory.BusyException) {
                meters.increment(ClassifierMeters.OVERLOAD, Overload.MEMORY);
                throw Overload.MEMORY.exception();
            }
            throw new CompletionException(cause);
        }).thenApply(ImagePipeline.Encoded::feature);
    }

    private Spaces encode(Optional<LabelRanker> live, PromptClassifier prompt, List<String> among, boolean zeroShot) {
        long began = System.nanoTime();
        try {
            return new Spaces(live.orElseGet(() -> prompt.among(among)),
                    zeroShot ? Optional.of(handWritten.among(among)) : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw Problem.of(422, "A class name makes no prompt: it is longer than the model's text tower takes; shorten it").exception();
        } finally {
            meters.time(ClassifierMeters.TEXT_TIME, System.nanoTime() - began);
        }
    }

    private Answers.Image answer(CompletableFuture<float[]> feature, PromptClassifier prompt, Spaces spaces, Question question) {
        try {
            float[] image = feature.join();
            List<Label> labels = spaces.live().rank(image, question.top());
            Optional<Selection> selection = question.abstain() ? Optional.of(prompt.selects(labels.get(0))) : Optional.empty();
            selection.ifPresent(selected -> meters.increment(ClassifierMeters.SELECTIONS, selected));
            return new Answers.Image(labels, spaces.zeroShot().map(space -> space.rank(image, question.top())), selection,
                    Optional.empty());
        } catch (CompletionException e) {
            return Answers.Image.failed(e.getCause());
        }
    }

    private static ProblemException noClasses() {
        return Problem.of(409,
                "There are no classes to choose from: the hand-written prompt is live, which knows none, and classifier.classes names none;"
                        + " name them in the request with class=NAME")
                .exception();
    }

    /** Ends the threads; the pipeline's after the batch in hand, and what waits behind it never completes. Blocking. */
    @Override
    public void close() {
        pipeline.close();
        scorer.shutdown();
        texts.shutdown();
    }
}
