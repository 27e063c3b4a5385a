package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.EvaluatorMeters;
import dev.promptgate.evaluator.EvaluatorSettings;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.evaluator.candidate.Docket;
import dev.promptgate.evaluator.candidate.RefusalReason;
import dev.promptgate.evaluator.candidate.RefusedException;
import dev.promptgate.evaluator.evidence.FeatureReader;
import dev.promptgate.evaluator.evidence.HeldOutSet;
import dev.promptgate.evaluator.report.Report;
import dev.promptgate.learning.gate.Outcome;
import dev.promptgate.learning.gate.Verdict;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.ImageFeature;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is live: takes in features, candidates and commands in the order of their times, judges, rolls out, watches and rolls back,
 * and writes down each decision with all that the next one rests on. The same records in the same order give the same decisions, with or
 * without a restart in between; time is that of the records. Knows no consumer. Its methods block; one thread at a time.
 */
public final class Gatekeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Gatekeeper.class);

    /** After its own change it takes a moment until that can be read back. */
    private static final long GUARD_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final EvaluatorSettings settings;
    private final ClipModel model;
    private final CandidateCheck check;
    private final EvaluatorMeters meters;
    private final HeldOutSet images;
    private final LiveRecord live;
    private final Judge judge;
    private final Journal journal;
    private final FeatureReader reader;
    private final Docket docket;
    private boolean paused;
    private long coolDownUntil;
    private long position;
    private long arrivals;
    private long nextCandidate;
    private long nextCommand;
    private long lastVersion;
    private long lastHorizon;
    private long time;
    private int changes;

    Gatekeeper(EvaluatorSettings settings, ClipModel model, CandidateCheck check, EvaluatorMeters meters, LiveRecord live,
            Journal journal) {
        this.settings = settings;
        this.model = model;
        this.check = check;
        this.meters = meters;
        this.live = live;
        this.journal = journal;
        reader = new FeatureReader(model, live.prompts().handWritten().context().tokens(), meters);
        docket = new Docket(settings.inconclusiveDeadline());
        images = new HeldOutSet(settings.maxImagesPerClass());
        judge = new Judge(settings.gate(), model.textEncoder(), live.prompts());
    }

    /** Takes up an earlier run; the features before its position follow by {@link #replay}. */
    void resume(GateState state, GateState.Waves waves, List<Candidate> unsettled, Optional<Candidate> passed) {
        live.resume(state, waves);
        docket.resume(unsettled, passed);
        paused = state.isPaused();
        coolDownUntil = state.coolDownUntil();
        position = state.position();
        arrivals = state.arrivals();
        nextCandidate = state.nextCandidate();
        nextCommand = state.nextCommand();
        lastVersion = state.lastVersion();
        lastHorizon = state.lastHorizon();
        time = state.time();
        forgetOldImages();
        meters.live(live.prompts().current().version(), live.since());
        meters.gate(paused, coolDownUntil);
        meters.knownClasses(live.waves().histories().keySet());
        showLive();
    }

    private GateState state() {
        // A candidate that was never looked at is read again after a restart, as if it had not been read yet.
        Optional<Candidate> fresh = docket.firstUnjudged();
        return new GateState(model.fingerprint(), journal.reports(), position, arrivals, fresh.map(Candidate::offset).orElse(nextCandidate),
                nextCommand,
                fresh.map(c -> c.version() - 1).orElse(lastVersion), fresh.map(Candidate::horizon).orElse(lastHorizon), time,
                live.prompts().state(), live.since(), journal.changes(), docket.unsettled(), paused, coolDownUntil,
                live.watch().map(LiveWatch::state).orElse(null),
                live.prequential());
    }

    /** A feature that had been taken in by the time of the state. */
    public void replay(ConsumerRecord<byte[], byte[]> record) {
        decode(record).ifPresent(feature -> {
            if (images.put(feature, record.offset())) {
                live.replay(feature, record.offset());
            }
        });
    }

    public void feature(ConsumerRecord<byte[], byte[]> record) {
        clock(record.timestamp());
        position = record.offset() + 1;
        Optional<ImageFeature> feature = decode(record);
        if (feature.isPresent() && images.put(feature.get(), record.offset())) {
            arrivals++;
            changes++;
            Set<String> known = images.classes();
            live.observe(feature.get(), record.offset(), known);
            heedTheWatch();
        }
        advance();
    }

    private Optional<ImageFeature> decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            if (record.key() != null) {
                images.remove(new String(record.key(), StandardCharsets.UTF_8), record.offset()); // somebody deleted the image
            }
            return Optional.empty();
        }
        return reader.read(record);
    }

    public void candidate(ConsumerRecord<byte[], byte[]> record) {
        clock(record.timestamp());
        nextCandidate = record.offset() + 1;
        try {
            Prompt snapshot = check.check(record);
            if (snapshot.metadata().version() <= lastVersion) {
                throw new RefusedException(RefusalReason.REPEATED_VERSION,
                        "The candidate's version is not above the last one's; was the topic written to by two learners? [theirs: %d, last: %d]"
                                .formatted(snapshot.metadata().version(), lastVersion));
            }
            lastVersion = snapshot.metadata().version();
            Candidate candidate = new Candidate(snapshot, record.offset(), record.timestamp());
            lastHorizon = Math.max(lastHorizon, candidate.horizon());
            docket.add(candidate);
        } catch (RefusedException e) {
            meters.refusal(e.reason());
            LOG.warn("A candidate is refused: {} [offset: {}]", e.getMessage(), record.offset());
            journal.write(report(Report.Kind.REFUSAL).refusal(record.offset(), e.reason(), e.getMessage()), this::state);
        }
        advance();
        forgetOldImages();
    }

    private void forgetOldImages() {
        images.forgetBefore(docket.firstHorizon(lastHorizon));
    }

    /** Judges from the oldest candidate on, as far as there are images. */
    private void advance() {
        for (Optional<Candidate> first = docket.first(); first.isPresent() && position >= first.get().horizon(); first = docket.first()) {
            Candidate candidate = first.get();
            if (!candidate.isLookedAt()) {
                look(candidate);
            } else if (docket.isFirstSuperseded()) {
                settle(candidate, Outcome.INCONCLUSIVE, "superseded by a newer candidate");
            } else if (arrivals >= candidate.nextLookAt()) {
                candidate.extendTo(position);
                look(candidate);
            } else {
                return; // waits for more images
            }
        }
    }

    /** Judges the candidate on the images before its horizon; it leaves the queue unless more images may tell. */
    private void look(Candidate candidate) {
        long began = System.nanoTime();
        Judge.Judgement judgement = judge.judge(candidate, images.at(candidate.horizon()));
        meters.judged(judgement.comparison(), System.nanoTime() - began);
        Verdict verdict = judgement.verdict();
        boolean isFirst = !candidate.isLookedAt();
        if (verdict.isTested()) { // another look is worth its share of the error budget when there is half as much evidence again
            candidate.tested(arrivals + Math.max(settings.recheckImages(), judgement.comparison().images() / 2));
        } else {
            candidate.lookedInVain(arrivals + settings.recheckImages());
        }
        if (verdict.outcome() == Outcome.INCONCLUSIVE) {
            if (isFirst) { // that it still is says nothing new
                say(candidate, verdict, ", waits for more images");
                journal.write(verdictReport(candidate, judgement, false).rollout(false, ""), this::state);
            }
            return;
        }
        docket.remove(candidate);
        changes++;
        if (verdict.outcome() == Outcome.FAIL) {
            say(candidate, verdict, "");
            meters.verdict(verdict.outcome());
            journal.write(verdictReport(candidate, judgement, true).rollout(false, ""), this::state);
        } else if (paused || time < coolDownUntil) {
            hold(candidate, judgement, paused ? "paused" : "cool-down");
        } else {
            rollOut(candidate, judgement);
        }
    }

    private void hold(Candidate candidate, Judge.Judgement judgement, String by) {
        Optional<Candidate> older = docket.hold(candidate);
        say(candidate, judgement.verdict(), ", held back: " + by);
        journal.write(verdictReport(candidate, judgement, false).rollout(false, by), this::state);
        older.ifPresent(o -> settle(o, Outcome.INCONCLUSIVE, "superseded by a newer candidate that is held back, too"));
    }

    private void rollOut(Candidate candidate, Judge.Judgement judgement) {
        KnownPrompt replaced = live.prompts().current();
        Report report = verdictReport(candidate, judgement, true).rollout(true, "");
        say(candidate, judgement.verdict(), "");
        Prompt snapshot = new Prompt(candidate.snapshot().context(),
                candidate.snapshot().metadata()
                        .withVerdict(Report.rolloutFigures(judgement.verdict(), judgement.comparison(), replaced.version())));
        live.rollOut(KnownPrompt.of(snapshot), judgement.comparison(), position, time);
        journal.writeChange(report, Optional.of(snapshot), live, this::state);
        meters.verdict(Outcome.PASS);
        meters.rolledOut(snapshot.metadata(), System.currentTimeMillis());
        showLive();
    }

    /** A final verdict without another look. */
    private void settle(Candidate candidate, Outcome outcome, String why) {
        docket.remove(candidate);
        Verdict verdict = new Verdict(outcome, why, List.of(), false);
        say(candidate, verdict, "");
        meters.verdict(outcome);
        journal.write(report(Report.Kind.VERDICT).verdict(candidate, verdict, true).rollout(false, ""), this::state);
    }

    private void say(Candidate candidate, Verdict verdict, String more) {
        LOG.info("Candidate {} against live {}: {}{}: {}", candidate.version(), live.prompts().current().version(), verdict.outcome(), more,
                verdict.reason());
    }

    private Report verdictReport(Candidate candidate, Judge.Judgement judgement, boolean isFinal) {
        return report(Report.Kind.VERDICT).verdict(candidate, judgement.verdict(), isFinal)
                .comparison(judgement.comparison(), candidate.horizon()).settings(settings.gate());
    }

    private Report report(Report.Kind kind) {
        return Report.of(kind, settings.prompt(), live.prompts().current().version());
    }

    private void heedTheWatch() {
        Optional<String> alarm = live.watch().flatMap(LiveWatch::alarm);
        showWatch();
        if (alarm.isEmpty()) {
            return;
        }
        if (!paused) {
            rollBackTo(live.prompts().lastGood(), "watch", alarm.get(), report(Report.Kind.ROLLBACK));
        } else if (live.watch().orElseThrow().reportOnce()) {
            LOG.warn("Live {} should go, but the gate is paused: {}", live.prompts().current().version(), alarm.get());
            journal.write(report(Report.Kind.ALARM).change("watch", live.prompts().current().version(), live.prompts().lastGood().version(),
                    alarm.get()), this::state);
        }
    }

    private void showWatch() {
        meters.watch(live.watch().map(w -> w.alarmLevel(true)).orElse(Double.NaN),
                live.watch().map(w -> w.alarmLevel(false)).orElse(Double.NaN));
    }

    private void showLive() {
        showWatch();
        meters.liveClasses(live.prompts().current().classes().size());
        meters.prequential(live.prequential().accuracy(), live.prequential().zeroShotAccuracy());
        meters.continual(live.waves().figures(), live.handWrittenWaves().figures());
    }

    /** Makes an earlier prompt live again, and lets nothing out for a while. */
    void rollBackTo(KnownPrompt target, String cause, String reason, Report report) {
        long from = live.prompts().current().version();
        LOG.warn("Rolls back from version {} to {} ({}): {}", from, target.version(), cause, reason);
        report.change(cause, from, target.version(), reason);
        live.rollBackTo(target, position, time);
        coolDownUntil = time + settings.coolDown().toMillis();
        changes++;
        Optional<Prompt> snapshot = target.snapshot().map(learned -> new Prompt(learned.context(),
                learned.metadata().withVerdict(Map.of("outcome", "rollback", "reason", reason, "replaced_version", Long.toString(from)))));
        journal.writeChange(report, snapshot, live, this::state);
        meters.rolledBack(cause.equals("operator"), target.version(), System.currentTimeMillis());
        meters.gate(paused, coolDownUntil);
        showLive();
    }

    /**
     * Looks whether the topic of live prompts holds what was rolled out, and puts it right if somebody else wrote there.
     *
     * @param topic read to its end
     */
    public void guard(LiveTopic topic) {
        if (journal.nanosSinceChange() > GUARD_PAUSE_NANOS && topic.contradicts(live.prompts().current(), model.fingerprint())) {
            repair(topic);
        }
    }

    void repair(LiveTopic topic) {
        KnownPrompt current = live.prompts().current();
        String reason = "prompt-rollouts holds %s, which this gate did not roll out; version %d is written again"
                .formatted(topic.describe(), current.version());
        LOG.warn("{}", reason);
        journal.writeChange(report(Report.Kind.REPAIR).change("repair", current.version(), current.version(), reason), current.snapshot(),
                live, this::state);
        meters.repaired();
    }

    /** An operator's pause or its end. */
    void pause(boolean newPaused, Report report) {
        paused = newPaused;
        meters.gate(paused, coolDownUntil);
        journal.write(report, this::state);
        if (!paused) {
            heedTheWatch();
            release();
        }
    }

    /** The next command has been read. */
    void commandTaken(long offset, long timestamp) {
        clock(timestamp);
        nextCommand = offset + 1;
    }

    /** A report about a command that changed nothing. */
    void note(Report report) {
        journal.write(report, this::state);
    }

    /** Lets a candidate go on that passed while nothing could go out: it is judged once more, on all there is by now. */
    private void release() {
        if (docket.isHolding() && !paused && time >= coolDownUntil) {
            look(docket.release(position));
            advance();
        }
    }

    /** Event time moves on: what falls due by then happens before what comes then. */
    private void clock(long now) {
        if (docket.isHolding() && !paused && coolDownUntil <= now && coolDownUntil <= docket.firstDue()) {
            time = Math.max(time, coolDownUntil);
            release();
        }
        for (Candidate candidate : docket.dueBy(now)) {
            time = Math.max(time, docket.due(candidate));
            settle(candidate, Outcome.FAIL,
                    "still inconclusive at the deadline of %d s".formatted(settings.inconclusiveDeadline().toSeconds()));
        }
        time = Math.max(time, now);
    }

    /**
     * Nothing is there to take in.
     *
     * @param now wall clock, epoch milliseconds
     */
    public void idle(long now) {
        clock(now);
        release();
        advance();
        meters.gate(paused, Math.max(0, coolDownUntil));
    }

    /** Measures the live and the hand-written prompt on all images known, if anything changed since. */
    public void measure() {
        if (images.heldOut() == 0 || changes == 0) {
            return;
        }
        changes = 0;
        long began = System.nanoTime();
        List<String> trained = live.prompts().current().classes();
        var comparison = judge.measure(trained.isEmpty() ? images.labelledClasses() : trained, images.at(position));
        live.measured(comparison);
        journal.write(Measurement.write(report(Report.Kind.MEASUREMENT), comparison, position, live), this::state);
        meters.measured(comparison, System.nanoTime() - began);
        showLive();
    }

    /** Images that came in since the last measurement, or other reasons for one. */
    public int changesSinceMeasurement() {
        return changes;
    }

    /** Candidates without a final verdict. */
    public Docket docket() {
        return docket;
    }

    public HeldOutSet images() {
        return images;
    }

    LiveRecord live() {
        return live;
    }

    boolean isPaused() {
        return paused;
    }

    /** Offset in image-features behind what was taken in. */
    public long position() {
        return position;
    }
}
