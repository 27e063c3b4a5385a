package dev.promptgate.load.report;

import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

public record LoadCharts(RunReport report) {
    /** One of them, a PNG in Base64: as SVG XChart draws every letter as an outline, which is twenty times as large. */
    public record Chart(String title, int width, int height, String png) {}

    private static final int WIDTH = 620;
    private static final int HEIGHT = 220;

    /** All of them, in the order of the page; one whose series hold nothing is left out. */
    List<Chart> all() throws IOException {
        List<Chart> charts = new ArrayList<>();
        add(charts, "Throughput", "records/s", false, 1,
                Map.of("pushed", "pushed_per_second", "features", "features_per_second", "rejections", "rejections_per_second"));
        add(charts, "Latency from due to readable feature", "ms", true, 1,
                Map.of("p50", "feature_p50_ms", "p99", "feature_p99_ms", "push p99", "push_p99_ms"));
        add(charts, "Lag", "records", false, 1, Map.of("encoder", "lag.encoder", "learner", "lag.learner", "evaluator", "lag.evaluator"));
        add(charts, "Resident memory", "MB", false, 1e6, services("rss"));
        add(charts, "Java heap in use", "MB", false, 1e6, services("heap"));
        add(charts, "Processor", "cores", false, 1, services("cpu"));
        return charts;
    }

    private static Map<String, String> services(String kind) {
        return Map.of("encoder", kind + ".encoder", "learner", kind + ".learner", "evaluator", kind + ".evaluator", "broker and generator",
                kind + ".broker");
    }

    private void add(List<Chart> charts, String title, String unit, boolean logarithmic, double scale, Map<String, String> series)
            throws IOException {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle("s").yAxisTitle(unit).build();
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE).setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisLogarithmic(logarithmic);
        series.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .forEach(entry -> line(chart, entry.getKey(), report.series(entry.getValue()), scale, logarithmic));
        if (!chart.getSeriesMap().isEmpty()) {
            charts.add(new Chart(title, WIDTH, HEIGHT,
                    Base64.getEncoder().encodeToString(BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG))));
        }
    }

    private void line(XYChart chart, String name, List<Double> values, double scale, boolean logarithmic) {
        // A logarithmic axis has no zero.
        List<Integer> there = IntStream.range(0, values.size()).filter(i -> values.get(i) != null && (!logarithmic || values.get(i) > 0))
                .boxed().toList();
        if (there.size() > 1) {
            double[] x = there.stream().mapToDouble(i -> (i + 1) * report.timing().intervalSeconds()).toArray();
            double[] y = there.stream().mapToDouble(i -> values.get(i) / scale).toArray();
            chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE).setLineWidth(1.5f);
        }
    }
}
