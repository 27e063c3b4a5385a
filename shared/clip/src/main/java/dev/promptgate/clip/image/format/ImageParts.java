package dev.promptgate.clip.image.format;

/**
 * What a decoder needs of an image file: the first frame without what only describes it, and where on its canvas the frame lies.
 *
 * @param frame a whole file of the same format, without metadata
 * @param canvas what is shown, of which the frame is a part
 * @param place where on the canvas the frame lies
 * @param orientation EXIF's, 1 to 8; 1 if there is none that is valid
 */
public record ImageParts(byte[] frame, Size canvas, Place place, int orientation) {
    public record Size(int width, int height) {
        public long pixels() {
            return (long) width * height;
        }
    }

    /** A rectangle of the canvas, and the colour around it: 0xRRGGBB. */
    public record Place(int left, int top, Size size, int background) {
        private Place(Size size) {
            this(0, 0, size, 0);
        }
    }

    static ImageParts whole(byte[] frame, Size size, int orientation) {
        return new ImageParts(frame, size, new Place(size), orientation);
    }

    public ImageParts withoutCanvas() {
        return whole(frame, place.size(), orientation);
    }

    /** Whether width and height change places when the image is turned upright. */
    public boolean isTransposed() {
        return orientation >= 5;
    }

    public boolean frameIsAll() {
        return place.size().equals(canvas);
    }
}
