package dev.promptgate.clip.image;

/** An image file that cannot be used; the message is one line. */
public final class ImageRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ImageFault fault;

    /** @param message what is wrong and what to do */
    public ImageRejectedException(ImageFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    /** With the failure it stems from. */
    public ImageRejectedException(ImageFault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public ImageFault fault() {
        return fault;
    }
}
