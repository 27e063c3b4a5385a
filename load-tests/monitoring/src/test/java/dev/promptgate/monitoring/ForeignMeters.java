package dev.promptgate.monitoring;

import java.util.Set;

/** Names in dashboards and rules that no meter of Promptgate has. */
final class ForeignMeters {
    static final Set<String> NAMES = Set.of(
            // of Prometheus itself
            "up", "ALERTS",
            // of the JVM and the process, by Micrometer
            "jvm_memory_used_bytes", "jvm_memory_max_bytes", "jvm_buffer_memory_used_bytes", "jvm_gc_pause_seconds_sum",
            "jvm_threads_live_threads",
            "process_cpu_usage", "process_uptime_seconds",
            // of Vert.x
            "vertx_pool_in_use", "vertx_pool_queue_pending",
            // of Kafka's consumer, by Micrometer
            "kafka_consumer_connection_count", "kafka_consumer_fetch_manager_bytes_consumed_total",
            "kafka_consumer_fetch_manager_fetch_latency_avg",
            "kafka_consumer_last_poll_seconds_ago");

    private ForeignMeters() {}
}
