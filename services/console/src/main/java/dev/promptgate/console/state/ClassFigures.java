package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.report.AnswerDetail;
import dev.promptgate.messaging.report.AnswerDetail.ClassRow;
import dev.promptgate.messaging.report.AnswerDetail.Part;
import dev.promptgate.messaging.report.ComparedPrompts;
import dev.promptgate.messaging.report.EvaluationReport;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The live prompt class by class in the joint label space, by the last report that tells, and what operators say of classes. Not
 * thread-safe.
 */
final class ClassFigures {
    private static final int MOST_CELLS = 5000;
    private static final int MOST_CLASSES = 5000;
    private static final int MAX_NAME = 256;
    private static final Comparator<ClassRow> WORST_FIRST = Comparator.comparingDouble(ClassFigures::accuracy)
            .thenComparing(Comparator.comparingInt(ClassRow::total).reversed()).thenComparing(ClassRow::name);

    private final SortedMap<String, ClassState> said = new TreeMap<>();
    private ObjectNode section = section(NullNode.instance, NullNode.instance, 0, AnswerDetail.NONE);

    private static double accuracy(ClassRow row) {
        return row.total() == 0 ? 1 : (double) row.right() / row.total();
    }

    /** @return whether the report told something */
    boolean take(EvaluationReport report, long at) {
        Optional<ComparedPrompts> told = report.comparison().filter(comparison -> comparison.detail().classes().isPresent());
        told.ifPresent(comparison -> section = section(Json.number(report.head().liveVersion()), Json.number(at),
                (long) comparison.space().seenImages() + comparison.space().unseenImages(), comparison.detail()));
        return told.isPresent();
    }

    /**
     * What an operator says of a class, retired or described.
     *
     * @throws InvalidRecordException if it cannot be used
     */
    void take(ConsumerRecord<byte[], byte[]> record) throws InvalidRecordException {
        ClassState state = ClassState.decode(record);
        if (state.isPlain()) {
            said.remove(state.name());
        } else {
            said.put(state.name(), state);
        }
    }

    private static ObjectNode section(JsonNode version, JsonNode at, long images, AnswerDetail detail) {
        ObjectNode told = Json.object();
        told.set("version", version);
        told.set("at", at);
        ArrayNode perClass = told.put("images", images).putArray("per_class");
        ArrayNode confusion = told.putArray("confusion");
        detail.classes().ifPresent(table -> {
            table.perClass().stream().limit(MOST_CLASSES).sorted(WORST_FIRST).forEach(row -> perClass.addObject()
                    .put("name", name(row.name())).put("seen", row.isSeen()).put("right", row.right()).put("total", row.total()));
            table.confusion().stream().limit(MOST_CELLS)
                    .forEach(cell -> confusion.addArray().add(name(cell.label())).add(name(cell.answer())).add(cell.images()));
        });
        return told.put("complete", !detail.cut().contains(Part.PER_CLASS) && !detail.cut().contains(Part.CONFUSION));
    }

    private static String name(String text) {
        return Quoted.of(text, MAX_NAME);
    }

    JsonNode json() {
        ArrayNode states = section.putArray("said");
        said.values().stream().limit(MOST_CLASSES).forEach(state -> states.addObject().put("name", name(state.name()))
                .put("retired", state.isRetired()).put("description", state.description().map(ClassFigures::name).orElse(null)));
        return section;
    }
}
