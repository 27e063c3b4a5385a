package dev.promptgate.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.cli.command.MetersCommand;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every name in an expression is that of a meter of ours, of a record, or on the list of others' meters. */
class MetricNamesTest {
    @Test
    void everyNameIsKnown() {
        Set<String> known = new TreeSet<>(ForeignMeters.NAMES);
        MetersCommand.all().forEach(spec -> known.addAll(spec.prometheusNames()));
        MonitoringFiles.rules().stream().filter(rule -> !rule.isAlert()).forEach(record -> known.add(record.name()));
        List<String> unknown = expressions().stream()
                .flatMap(expression -> Promql.metrics(expression.text()).stream().filter(name -> !known.contains(name))
                        .map(name -> expression.where() + ": " + name))
                .toList();
        assertEquals(List.of(), unknown);
    }

    @Test
    void everyOtherMeterOnTheListIsUsed() {
        Set<String> used = expressions().stream().flatMap(expression -> Promql.metrics(expression.text()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(),
                ForeignMeters.NAMES.stream().filter(name -> !used.contains(name)).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static List<MonitoringFiles.Expression> expressions() {
        List<MonitoringFiles.Expression> variables = MonitoringFiles.variables().stream()
                .map(variable -> new MonitoringFiles.Expression(variable.where(), LabelValues.parse(variable.text()).selector())).toList();
        return Stream
                .of(MonitoringFiles.panels(), MonitoringFiles.annotations(), MonitoringFiles.alerts(), MonitoringFiles.records(), variables)
                .flatMap(Collection::stream).toList();
    }
}
