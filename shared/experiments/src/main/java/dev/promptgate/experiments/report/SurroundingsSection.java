package dev.promptgate.experiments.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.experiments.landscape.Sharpness;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.Survey;
import java.util.List;
import java.util.Map;

/** The loss around the solutions. */
record SurroundingsSection(Map<ComparedMethod, Survey.Surroundings> surroundings) {
    String markdown() {
        String table = Markdown.table(List.of("method", "loss", "worst rise in the ρ-ball", "rise one step uphill",
                "mean rise in a random direction", "λmax of the Hessian"),
                surroundings.entrySet().stream().map(e -> row(e.getKey(), e.getValue())).toList());
        double rho = surroundings.isEmpty() ? Double.NaN : surroundings.values().iterator().next().sharpness().rho();
        return ("## Loss around the solutions\n\nOf the first seed: cross-entropy over all its training images, whatever the method "
                + "trained on; ρ = %s; ± is one standard error; the same random directions for all.\n\n%s")
                .formatted(rho, table);
    }

    private static List<String> row(ComparedMethod method, Survey.Surroundings found) {
        Sharpness sharpness = found.sharpness();
        return List.of(method.title(), Markdown.number("%.4f", sharpness.loss()), Markdown.number("%.4f", sharpness.worst()),
                Markdown.number("%.4f", sharpness.firstOrder()),
                Markdown.number("%.5f", sharpness.average()) + " ± " + Markdown.number("%.5f", sharpness.averageError()),
                Markdown.number("%.3g", found.curvature().value()) + (found.curvature().converged() ? ""
                        : " (not converged, residual %.2f)".formatted(found.curvature().residual())));
    }

    void addTo(ObjectNode summary) {
        surroundings.forEach((method, found) -> {
            ObjectNode node = summary.withObject("/methods/" + method.name()).putObject("landscape");
            node.put("rho", found.sharpness().rho()).put("loss", found.sharpness().loss()).put("worst_rise", found.sharpness().worst())
                    .put("first_order_rise", found.sharpness().firstOrder())
                    .put("mean_rise", found.sharpness().average()).put("mean_rise_standard_error", found.sharpness().averageError())
                    .put("hessian_greatest_eigenvalue", found.curvature().value()).put("hessian_converged", found.curvature().converged());
        });
    }
}
