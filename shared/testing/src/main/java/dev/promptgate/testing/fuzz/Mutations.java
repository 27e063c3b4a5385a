package dev.promptgate.testing.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Damages bytes the way disks, networks and attackers do: some bits, bytes, lengths and pieces at a time. Deterministic in its generator.
 */
public final class Mutations {
    private static final long[] EXTREMES = {0, 1, -1, Byte.MAX_VALUE, Short.MAX_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE,
            Long.MIN_VALUE, 1L << 32};
    private static final int MOST_MUTATIONS = 8;

    private Mutations() {}

    public static byte[] mutate(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        int mutations = 1 + random.nextInt(MOST_MUTATIONS);
        for (int i = 0; i < mutations; i++) {
            bytes = once(bytes, random);
        }
        return bytes;
    }

    private static byte[] once(byte[] bytes, SplittableRandom random) {
        if (bytes.length == 0) {
            return random(random, 16);
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2 -> {
                return Arrays.copyOf(bytes, at); // cut short
            }
            case 3 -> {
                return splice(bytes, at, random(random, 16), at);
            }
            case 4 -> {
                return splice(bytes, at, new byte[0], Math.min(bytes.length, at + 1 + random.nextInt(16))); // a piece is missing
            }
            case 5 -> {
                return splice(bytes, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 64)), at); // a piece comes twice
            }
            case 6 -> number(bytes, at, random);
            default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(32)), (byte) random.nextInt(256));
        }
        return bytes;
    }

    private static void number(byte[] bytes, int at, SplittableRandom random) {
        long value = EXTREMES[random.nextInt(EXTREMES.length)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (at + Long.BYTES <= bytes.length && random.nextBoolean()) {
            buffer.putLong(at, value);
        } else if (at + Integer.BYTES <= bytes.length) {
            buffer.putInt(at, (int) value);
        }
    }

    private static byte[] splice(byte[] bytes, int to, byte[] piece, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + piece.length);
        out.write(bytes, 0, to);
        out.writeBytes(piece);
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }

    private static byte[] random(SplittableRandom random, int most) {
        byte[] bytes = new byte[1 + random.nextInt(most)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return bytes;
    }
}
