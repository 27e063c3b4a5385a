package dev.promptgate.cli.trace;

import dev.promptgate.messaging.client.TopicLog;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A progress bar on standard error for topics that take longer than a moment. Not thread-safe. */
final class ScanBar implements TopicLog.Progress, AutoCloseable {
    private static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private String topic = "";
    private long began;
    private ProgressBar bar;

    @Override
    public void read(String next, long offsets, long total) {
        if (!next.equals(topic)) {
            close();
            topic = next;
            began = System.nanoTime();
        }
        if (bar == null && offsets < total && System.nanoTime() - began > MOMENT_NANOS) {
            bar = new ProgressBarBuilder().setTaskName(topic).setInitialMax(total).setUpdateIntervalMillis(250).build();
        }
        if (bar != null) {
            bar.stepTo(offsets);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
