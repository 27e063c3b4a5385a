package dev.promptgate.monitoring;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.monitoring.DashboardDescription.Annotation;
import dev.promptgate.monitoring.DashboardDescription.Panel;
import dev.promptgate.monitoring.DashboardDescription.Row;
import dev.promptgate.monitoring.DashboardDescription.Variable;
import java.util.Map;

/** Makes of a description what Grafana 10 and newer load. One instance a dashboard; not thread-safe. */
final class DashboardJson {
    private static final int SCHEMA_VERSION = 39;
    private static final int COLUMNS = 24;

    private final ArrayNode panels = JsonNodeFactory.instance.arrayNode();
    private int lastId;
    private int top;

    private DashboardJson() {}

    static ObjectNode of(DashboardDescription description) {
        DashboardJson json = new DashboardJson();
        description.rows().forEach(json::row);
        ObjectNode dashboard = object().put("uid", description.uid()).put("title", description.title())
                .put("description", description.description())
                .put("schemaVersion", SCHEMA_VERSION).put("editable", false).put("graphTooltip", 1).put("refresh", "30s");
        dashboard.putArray("tags").add("promptgate");
        dashboard.putObject("time").put("from", "now-6h").put("to", "now");
        dashboard.putArray("links").addObject().put("type", "dashboards").put("title", "Promptgate").put("asDropdown", true)
                .put("includeVars", true).put("keepTime", true)
                .putArray("tags").add("promptgate");
        ArrayNode variables = dashboard.putObject("templating").putArray("list");
        variables.addObject().put("name", "datasource").put("label", "Data source").put("type", "datasource").put("query", "prometheus");
        description.variables().forEach(variable -> variables.add(variable(variable)));
        ArrayNode annotations = dashboard.putObject("annotations").putArray("list");
        if (description.annotations() != null) {
            description.annotations().forEach(annotation -> annotations.add(annotation(annotation)));
        }
        dashboard.set("panels", json.panels);
        return dashboard;
    }

    private static ObjectNode variable(Variable variable) {
        ObjectNode json = object().put("name", variable.name()).put("label", variable.label() == null ? variable.name() : variable.label())
                .put("type", "query")
                .put("hide", variable.hidden() ? 2 : 0).put("multi", true).put("includeAll", true).put("refresh", 2).put("sort", 1);
        json.set("datasource", source());
        json.putObject("query").put("query", variable.query()).put("refId", variable.name());
        json.putObject("current").put("text", "All").put("value", "$__all");
        return json;
    }

    private static ObjectNode annotation(Annotation annotation) {
        ObjectNode json = object().put("name", annotation.name()).put("enable", true).put("iconColor", annotation.colour())
                .put("expr", annotation.expr())
                .put("titleFormat", annotation.name()).put("textFormat", annotation.text()).put("step", "60s");
        json.set("datasource", source());
        return json;
    }

    private void row(Row row) {
        ObjectNode heading = panels.addObject().put("id", ++lastId).put("type", "row").put("title", row.title()).put("collapsed", false);
        place(heading, 0, COLUMNS, 1);
        top++;
        int left = 0;
        int lowest = 0;
        for (Panel panel : row.panels()) {
            if (left + panel.width() > COLUMNS) {
                left = 0;
                top += lowest;
                lowest = 0;
            }
            panels.add(panel(panel, left));
            left += panel.width();
            lowest = Math.max(lowest, panel.rows());
        }
        top += lowest;
    }

    private ObjectNode panel(Panel panel, int left) {
        boolean isStat = "stat".equals(panel.type());
        ObjectNode json = object().put("id", ++lastId).put("type", isStat ? "stat" : "timeseries").put("title", panel.title())
                .put("description", panel.description());
        place(json, left, panel.width(), panel.rows());
        json.set("datasource", source());
        ObjectNode fields = json.putObject("fieldConfig");
        field(fields.putObject("defaults"), panel);
        fields.putArray("overrides");
        options(json.putObject("options"), isStat);
        ArrayNode targets = json.putArray("targets");
        char refId = 'A';
        for (DashboardDescription.Query query : panel.queries()) {
            ObjectNode target = targets.addObject().put("refId", String.valueOf(refId++)).put("expr", query.expr())
                    .put("legendFormat", query.legend()).put("instant", isStat)
                    .put("range", !isStat);
            target.set("datasource", source());
        }
        return json;
    }

    private static void field(ObjectNode defaults, Panel panel) {
        defaults.put("unit", panel.unit());
        if (panel.decimals() != null) {
            defaults.put("decimals", panel.decimals());
        }
        if (panel.min() != null) {
            defaults.put("min", panel.min());
        }
        if (panel.max() != null) {
            defaults.put("max", panel.max());
        }
        ObjectNode custom = defaults.putObject("custom");
        if ("bars".equals(panel.type())) {
            custom.put("drawStyle", "bars").put("fillOpacity", 60).putObject("stacking").put("mode", "normal");
        } else if (panel.type() == null) {
            custom.put("drawStyle", "line").put("fillOpacity", 8).put("showPoints", "never");
        }
        Map<String, String> thresholds = panel.thresholds() == null ? Map.of("base", "green") : panel.thresholds();
        ArrayNode steps = defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
        thresholds.forEach((from, colour) -> {
            ObjectNode step = steps.addObject().put("color", colour);
            step.put("value", from.equals("base") ? null : Double.valueOf(from));
        });
        if (panel.thresholds() != null && panel.type() == null) {
            custom.putObject("thresholdsStyle").put("mode", "dashed");
        }
        if (panel.mappings() != null) {
            ObjectNode texts = defaults.putArray("mappings").addObject().put("type", "value").putObject("options");
            panel.mappings().forEach((value, text) -> texts.putObject(value).put("text", text).put("index", texts.size() - 1));
        }
    }

    private static void options(ObjectNode options, boolean isStat) {
        if (isStat) {
            options.put("colorMode", "value").put("graphMode", "none").putObject("reduceOptions").put("values", false).putArray("calcs")
                    .add("lastNotNull");
        } else {
            options.putObject("legend").put("displayMode", "list").put("placement", "bottom");
            options.putObject("tooltip").put("mode", "multi");
        }
    }

    private void place(ObjectNode panel, int left, int width, int height) {
        panel.putObject("gridPos").put("x", left).put("y", top).put("w", width).put("h", height);
    }

    private static ObjectNode source() {
        return object().put("type", "prometheus").put("uid", "${datasource}");
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
