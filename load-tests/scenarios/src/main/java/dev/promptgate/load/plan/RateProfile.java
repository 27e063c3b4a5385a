package dev.promptgate.load.plan;

import java.util.List;

/**
 * How many images a second are due, over time: straight pieces one after another. The schedule is a function of the image's number alone,
 * so that it does not depend on how fast anything answers. Immutable.
 */
public record RateProfile(List<Piece> pieces) {
    /** One straight piece: its length, and images a second at its beginning and its end. */
    public record Piece(double seconds, double from, double to) {
        /** @throws IllegalArgumentException if it has no length or a negative rate */
        public Piece {
            if (!(seconds > 0) || !(from >= 0) || !(to >= 0) || Double.isInfinite(seconds + from + to)) {
                throw new IllegalArgumentException(
                        "A piece of a load needs a length and rates that are not negative [seconds: %s, from: %s, to: %s]"
                                .formatted(seconds, from, to));
            }
        }

        double images() {
            return seconds * (from + to) / 2;
        }

        /** Seconds from the piece's beginning until so many images are due: the root of slope/2·t² + from·t = images. */
        double secondsUntil(double images) {
            double slope = (to - from) / seconds;
            double root = Math.sqrt(Math.max(0, from * from + 2 * slope * images));
            return images == 0 ? 0 : Math.min(seconds, 2 * images / (from + root));
        }
    }

    public RateProfile {
        pieces = List.copyOf(pieces);
    }

    public double seconds() {
        return pieces.stream().mapToDouble(Piece::seconds).sum();
    }

    public long images() {
        return (long) Math.floor(pieces.stream().mapToDouble(Piece::images).sum() + 1e-9);
    }

    /** Seconds from the beginning at which the image of a number, counted from 0, is due. */
    public double due(long number) {
        double images = number;
        double before = 0;
        for (Piece piece : pieces) {
            if (images < piece.images()) {
                return before + piece.secondsUntil(images);
            }
            images -= piece.images();
            before += piece.seconds();
        }
        return before;
    }
}
