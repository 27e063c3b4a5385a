package dev.promptgate.clip.image;

/**
 * Eight-bit RGB pixels that lie anywhere in an array. Turning, cutting and thinning out change the layout and copy nothing.
 *
 * @param bytes not changed by anyone any more
 */
record RgbImage(int width, int height, byte[] bytes, Layout layout) {
    /**
     * Where the pixels lie.
     *
     * @param first index of the first pixel of the first row
     * @param across from a pixel to the next one of its row; may be negative, as may {@code down}
     * @param down from a pixel to the one below it
     * @param red from a pixel to its red byte; the same for the others
     */
    record Layout(int first, int across, int down, int red, int green, int blue) {
        static Layout interleaved(int width) {
            return new Layout(0, 3, 3 * width, 0, 1, 2);
        }

        private Layout by(int newFirst, int newAcross, int newDown) {
            return new Layout(newFirst, newAcross, newDown, red, green, blue);
        }
    }

    /** The EXIF orientation of an image with left and right swapped. */
    static final int MIRRORED = 2;

    /** Of interleaved bytes, [height · width · 3]. */
    static RgbImage interleaved(int width, int height, byte[] rgb) {
        return new RgbImage(width, height, rgb, Layout.interleaved(width));
    }

    static RgbImage filled(int width, int height, int color) {
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        for (int i = 0; color != 0 && i < rgb.length; i += 3) {
            rgb[i] = (byte) (color >> 16);
            rgb[i + 1] = (byte) (color >> 8);
            rgb[i + 2] = (byte) color;
        }
        return interleaved(width, height, rgb);
    }

    /** A copy of the pixels, interleaved, [height · width · 3]. */
    byte[] rgb() {
        return filled(width, height, 0).with(this, 0, 0).bytes;
    }

    /** This image, which must be interleaved, with as much of another on it as there is room for; it is drawn on, not copied. */
    RgbImage with(RgbImage other, int left, int top) {
        Layout from = other.layout;
        for (int y = 0; y < Math.min(other.height, height - top); y++) {
            int source = from.first + y * from.down;
            int target = layout.first + (top + y) * layout.down + left * layout.across;
            for (int x = 0; x < Math.min(other.width, width - left); x++, source += from.across) {
                bytes[target++] = other.bytes[source + from.red];
                bytes[target++] = other.bytes[source + from.green];
                bytes[target++] = other.bytes[source + from.blue];
            }
        }
        return this;
    }

    /** Every n-th pixel of every n-th row. */
    RgbImage every(int n) {
        return new RgbImage((width + n - 1) / n, (height + n - 1) / n, bytes, layout.by(layout.first, layout.across * n, layout.down * n));
    }

    /** The image turned upright, given its EXIF orientation (1 to 8; anything else leaves it alone). */
    RgbImage upright(int orientation) {
        if (orientation < 2 || orientation > 8) {
            return this;
        }
        boolean transposed = orientation >= 5;
        boolean flippedAcross = orientation == 2 || orientation == 3 || orientation >= 7;
        boolean flippedDown = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int first = layout.first + (flippedAcross ? (width - 1) * layout.across : 0) + (flippedDown ? (height - 1) * layout.down : 0);
        int across = flippedAcross ? -layout.across : layout.across;
        int down = flippedDown ? -layout.down : layout.down;
        return transposed ? new RgbImage(height, width, bytes, layout.by(first, down, across))
                : new RgbImage(width, height, bytes, layout.by(first, across, down));
    }

    /** The rectangle of a crop, not mirrored. */
    RgbImage cut(Crop crop) {
        if (crop.left() < 0 || crop.top() < 0 || crop.width() < 1 || crop.height() < 1
                || crop.left() > width - crop.width() || crop.top() > height - crop.height()) {
            throw new IllegalArgumentException(
                    "A crop must lie within the image [crop: %s, width: %d, height: %d]".formatted(crop, width, height));
        }
        int first = layout.first + crop.top() * layout.down + crop.left() * layout.across;
        return new RgbImage(crop.width(), crop.height(), bytes, layout.by(first, layout.across, layout.down));
    }
}
