package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.accuracy.JsonFigures;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** How many records stand in each topic and how many come a second, and how far the services lag behind. Not thread-safe. */
final class FlowHistory {
    private final Newest history = new Newest(150);
    private FlowSample last = new FlowSample(0, List.of(), List.of());
    private List<Double> rates = List.of();

    void take(FlowSample sample) {
        rates = IntStream.range(0, sample.topics().size()).mapToObj(i -> rate(sample, i)).toList();
        last = sample;
        ObjectNode point = Json.object().put("at", sample.at());
        ArrayNode topicRates = point.putArray("rates");
        rates.forEach(rate -> topicRates.add(JsonFigures.node(rate)));
        ArrayNode lags = point.putArray("lags");
        sample.services().forEach(service -> lags.add(lag(point, service.lag())));
        history.add(point);
    }

    /** Records a second since the last sample; NaN at the first. */
    private double rate(FlowSample sample, int topic) {
        long millis = sample.at() - last.at();
        if (last.topics().size() != sample.topics().size() || millis <= 0) {
            return Double.NaN;
        }
        long more = sample.topics().get(topic).records() - last.topics().get(topic).records();
        return Math.max(0, Math.round(10_000.0 * more / millis) / 10.0);
    }

    private static JsonNode lag(ObjectNode factory, OptionalLong lag) {
        return lag.isPresent() ? factory.numberNode(lag.getAsLong()) : factory.nullNode();
    }

    JsonNode json() {
        ObjectNode section = Json.object().put("at", last.at());
        ArrayNode topics = section.putArray("topics");
        for (int i = 0; i < last.topics().size(); i++) {
            FlowSample.Topic topic = last.topics().get(i);
            ObjectNode node = topics.addObject().put("name", topic.name()).put("records", topic.records()).put("exact", topic.isExact());
            JsonFigures.put(node, "rate", rates.get(i));
        }
        ArrayNode services = section.putArray("services");
        last.services().forEach(service -> services.addObject().put("name", service.name()).set("lag", lag(section, service.lag())));
        section.set("history", history.oldestFirst());
        return section;
    }
}
