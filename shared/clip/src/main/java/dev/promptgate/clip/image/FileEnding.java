package dev.promptgate.clip.image;

/** Tells whether a JPEG or PNG stops before its end marker: stock decoders fill such images with grey instead of failing. */
final class FileEnding {
    private FileEnding() {}

    static boolean isMissing(byte[] file) {
        if (startsWith(file, 0xFF, 0xD8)) {
            return !jpegEnds(file);
        }
        if (startsWith(file, 0x89, 'P', 'N', 'G')) {
            return lastIndexOf(file, 'I', 'E', 'N', 'D') < 0;
        }
        return false;
    }

    /** Whether an end-of-image marker follows the first start of scan; before it, thumbnails carry markers of their own. */
    private static boolean jpegEnds(byte[] file) {
        int at = 2;
        while (at + 4 <= file.length && (file[at] & 0xFF) == 0xFF) {
            int marker = file[at + 1] & 0xFF;
            if (marker == 0xFF) {
                at++; // fill byte
            } else if (marker == 0xDA) {
                return lastIndexOf(file, 0xFF, 0xD9) > at;
            } else {
                at += 2 + ((file[at + 2] & 0xFF) << 8 | file[at + 3] & 0xFF);
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] file, int... magic) {
        return file.length >= magic.length && matches(file, 0, magic);
    }

    private static int lastIndexOf(byte[] file, int... pattern) {
        for (int at = file.length - pattern.length; at >= 0; at--) {
            if (matches(file, at, pattern)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] file, int at, int... pattern) {
        for (int i = 0; i < pattern.length; i++) {
            if ((file[at + i] & 0xFF) != pattern[i]) {
                return false;
            }
        }
        return true;
    }
}
