package dev.promptgate.load.command;

import dev.promptgate.load.plan.LoadPlan;
import dev.promptgate.load.plan.Scenario;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that shape a load. */
final class LoadOptions {
    @Option(names = "--rate", paramLabel = "N", description = "images a second (of a burst: between bursts); default: the scenario's")
    private Double rate;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "for so long images are sent; default: the scenario's")
    private Double duration;

    @Option(names = "--ramp", paramLabel = "SECONDS", defaultValue = "5", description = "from nothing to the rate in so long, where "
            + "the rate is steady; default: ${DEFAULT-VALUE}")
    private double ramp;

    @Option(names = "--class-skew", paramLabel = "S", defaultValue = "0.7", description = "exponent of Zipf's law over classes; 0 "
            + "makes all alike; default: ${DEFAULT-VALUE}")
    private double classSkew;

    @Option(names = "--key-skew", paramLabel = "S", defaultValue = "0", description = "exponent of Zipf's law over partitions, as hot "
            + "keys make them; 0 leaves them to the keys' hash; default: ${DEFAULT-VALUE}")
    private double keySkew;

    @Option(names = "--duplicates", paramLabel = "PART", defaultValue = "0.02", description = "part of the records whose id was sent "
            + "before; default: ${DEFAULT-VALUE}")
    private double duplicates;

    @Option(names = "--poison", paramLabel = "PART", defaultValue = "0.01", description = "part of the records that cannot be used; "
            + "default: ${DEFAULT-VALUE}")
    private double poison;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of every choice; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--drain", paramLabel = "SECONDS", defaultValue = "120", description = "how long to wait after the last image "
            + "until all is digested; default: ${DEFAULT-VALUE}")
    private double drain;

    /** @throws ParameterException for a scenario that there is none of, or figures out of bounds */
    LoadPlan plan(CommandSpec spec, String name) {
        try {
            if (!(drain >= 0 && drain <= LoadPlan.MOST_SECONDS)) {
                throw new IllegalArgumentException("--drain must be 0 to %.0f seconds [drain: %s]".formatted(LoadPlan.MOST_SECONDS, drain));
            }
            Scenario scenario = Scenario.named(name);
            return scenario.plan(rate(scenario), duration(scenario), ramp, classSkew, keySkew, duplicates, poison, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    double drainSeconds() {
        return drain;
    }

    /** The command that makes the same load, with every figure; without brokers and paths. */
    String command(String name) {
        Scenario scenario = Scenario.named(name);
        return String.format(Locale.ROOT,
                "promptgate load %s --rate %s --duration %s --ramp %s --class-skew %s --key-skew %s --duplicates %s --poison %s --seed %d",
                name,
                figure(rate(scenario)), figure(duration(scenario)), figure(ramp), figure(classSkew), figure(keySkew), figure(duplicates),
                figure(poison), seed);
    }

    private double rate(Scenario scenario) {
        return rate == null ? scenario.defaultRate() : rate;
    }

    private double duration(Scenario scenario) {
        return duration == null ? scenario.defaultSeconds() : duration;
    }

    private static String figure(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
