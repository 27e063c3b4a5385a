package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.console.config.Source;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.command.GateCommand.InvalidCommandException;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.MeasurementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the page shows of one prompt: takes records as they come, gives sections as JSON. The order between topics does not matter, that
 * within a partition does. Every list in it is bounded. Knows no consumer; not thread-safe.
 */
public final class ConsoleState {
    private final PromptKey key;
    private final FlowHistory flow = new FlowHistory();
    private final AccuracyHistory accuracy = new AccuracyHistory();
    private final GateStatus gate;
    private final Verdicts verdicts = new Verdicts();
    private final ClassFigures classes = new ClassFigures();
    private final LearningSummary learning = new LearningSummary();
    private final Rejections rejections = new Rejections();
    private final Commands commands = new Commands();
    private final ImageLabels labels = new ImageLabels();
    private final Set<Section> changed = EnumSet.allOf(Section.class);

    /** Of one prompt; the page may offer its buttons, or to classify an image, if that is told here. */
    public ConsoleState(String prompt, boolean takesCommands, boolean hasClassifier) {
        key = new PromptKey(prompt);
        gate = new GateStatus(prompt, takesCommands, hasClassifier);
    }

    /**
     * The next record of a partition; whoever demands signatures has verified it. One of another prompt is passed over.
     *
     * @throws UnusableRecordException if it is not what its topic should hold; nothing has changed then
     */
    public void take(Source source, ConsumerRecord<byte[], byte[]> record) throws UnusableRecordException {
        try {
            if (source == Source.REJECTED_IMAGES) {
                rejection(record);
            } else if (source == Source.IMAGE_FEATURES && ClassState.isIn(record)) {
                classes.take(record);
                changed.add(Section.CLASSES);
            } else if (source == Source.IMAGE_FEATURES) {
                mark(Section.LABELS, labels.take(record));
            } else if (isOurs(record)) {
                switch (source) {
                    case PROMPT_ROLLOUTS -> rollout(record);
                    case PROMPT_CANDIDATES -> candidate(record);
                    case EVALUATION_REPORTS -> report(record);
                    default -> command(record);
                }
            }
        } catch (UnreadablePromptException | InvalidReportException | InvalidCommandException | InvalidRecordException e) {
            throw new UnusableRecordException(e.getMessage());
        }
    }

    /** Whether a record is about this prompt. */
    public boolean isOurs(ConsumerRecord<byte[], byte[]> record) {
        return key.isOf(record);
    }

    private void rejection(ConsumerRecord<byte[], byte[]> record) throws UnusableRecordException {
        if (!rejections.take(record)) {
            throw new UnusableRecordException("It lacks the headers of a rejection");
        }
        changed.add(Section.REJECTIONS);
    }

    private void rollout(ConsumerRecord<byte[], byte[]> record) throws UnreadablePromptException {
        if (record.value() == null) {
            gate.handWritten(record.timestamp());
        } else {
            gate.live(PromptCodec.decode(record.value()).metadata(), record.timestamp());
        }
        changed.add(Section.GATE);
    }

    private void candidate(ConsumerRecord<byte[], byte[]> record) throws UnusableRecordException, UnreadablePromptException {
        if (record.value() == null) {
            throw new UnusableRecordException("It has no value");
        }
        PromptMetadata about = PromptCodec.decode(record.value()).metadata();
        learning.take(about, record.timestamp());
        changed.add(Section.LEARNING);
        labels.trained(about.classes());
    }

    private void command(ConsumerRecord<byte[], byte[]> record) throws InvalidCommandException {
        commands.take(GateCommand.decode(record.value()), record.timestamp());
        changed.add(Section.COMMANDS);
    }

    private void report(ConsumerRecord<byte[], byte[]> record) throws InvalidReportException {
        EvaluationReport report = ReportCodec.decode(record.value());
        mark(Section.ACCURACY, accuracy.take(report, record.timestamp()));
        mark(Section.GATE, gate.take(report.after()));
        if (report instanceof VerdictReport verdict) {
            verdicts.take(verdict, record.offset(), record.timestamp());
            changed.add(Section.VERDICTS);
        }
        if (report instanceof MeasurementReport measurement) {
            mark(Section.LABELS, labels.take(measurement, record.timestamp()));
        }
        mark(Section.CLASSES, classes.take(report, record.timestamp()));
        mark(Section.COMMANDS, commands.take(report));
    }

    private void mark(Section section, boolean isChanged) {
        if (isChanged) {
            changed.add(section);
        }
    }

    public void flow(FlowSample sample) {
        flow.take(sample);
        changed.add(Section.FLOW);
    }

    /** The sections that changed since this was last asked, as JSON; all of them at the first time. */
    public Map<Section, String> takeChanged() {
        mark(Section.LABELS, labels.group());
        Map<Section, String> texts = new EnumMap<>(Section.class);
        changed.forEach(section -> texts.put(section, json(section).toString()));
        changed.clear();
        return texts;
    }

    private JsonNode json(Section section) {
        return switch (section) {
            case FLOW -> flow.json();
            case ACCURACY -> accuracy.json();
            case GATE -> gate.json();
            case VERDICTS -> verdicts.json();
            case CLASSES -> classes.json();
            case LEARNING -> learning.json();
            case REJECTIONS -> rejections.json();
            case COMMANDS -> commands.json();
            case LABELS -> labels.json();
        };
    }

    /** The images whose answer a candidate changed, as JSON, by the offset of the verdict's report; empty for an old one. */
    public Optional<String> changedImages(long verdict) {
        return verdicts.changed(verdict).map(JsonNode::toString);
    }
}
