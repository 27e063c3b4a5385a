package dev.promptgate.experiments.run;

/** One training run of a comparison, by the method's name and with so many training images a class. */
public record Cell(String method, long seed, int shots) {
    /** The beginning of the names of its files. */
    String fileName() {
        return "%s-seed%d-shots%d".formatted(method, seed, shots);
    }

    @Override
    public String toString() {
        return "%s, seed %d, %d shots".formatted(method, seed, shots);
    }
}
