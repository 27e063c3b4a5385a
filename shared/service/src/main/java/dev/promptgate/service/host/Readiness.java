package dev.promptgate.service.host;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.util.Comparator;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Named conditions that must all hold before a service takes work; each is a meter, too. Thread-safe; conditions are asked on the event
 * loop, so they must not block.
 */
public final class Readiness {
    private final HealthChecks checks;
    private final HostMeters meters;

    Readiness(Vertx vertx, HostMeters meters) {
        checks = HealthChecks.create(vertx);
        this.meters = meters;
    }

    public void register(String name, BooleanSupplier condition) {
        register(name, condition, () -> "");
    }

    /** Adds a condition that can say how far it is, for people; the detail may be empty. */
    public void register(String name, BooleanSupplier condition, Supplier<String> detail) {
        checks.register(name, answer -> {
            Status status = new Status().setOk(condition.getAsBoolean());
            String told = detail.get();
            answer.complete(told.isEmpty() ? status : status.setData(new JsonObject().put("detail", told)));
        });
        meters.gauge(HostMeters.READY, () -> condition.getAsBoolean() ? 1 : 0, name);
    }

    /** How the conditions stand, in the order of their names. */
    Future<CheckResult> check() {
        return checks.checkStatus().onSuccess(result -> result.getChecks().sort(Comparator.comparing(CheckResult::getId)));
    }
}
