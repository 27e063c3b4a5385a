package dev.promptgate.messaging.trust;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;

/**
 * A pair of key files, PEM: PKCS#8 for the service that signs, and nobody else; X.509 SubjectPublicKeyInfo for everybody who verifies. The
 * id names the pair in signed records.
 */
public record SigningKeys(Path privateKey, Path publicKey, String keyId) {
    /**
     * Makes a pair and writes {@code <name>.key}, which its owner alone may read, and {@code <name>.pub}.
     *
     * @param directory made if it is missing
     * @param name letters, digits, '.', '_' and '-'
     * @throws UnusableKeyException if either file is there already, nothing being overwritten, or cannot be written
     * @throws IllegalArgumentException if the name holds anything else
     */
    public static SigningKeys generate(Path directory, String name) {
        if (!name.matches("\\w[\\w.-]{0,99}")) {
            throw new IllegalArgumentException("A key's name holds letters, digits, '.', '_' and '-' only [name: " + name + "]");
        }
        Path privateKey = directory.resolve(name + ".key");
        Path publicKey = directory.resolve(name + ".pub");
        for (Path file : new Path[] {privateKey, publicKey}) {
            if (Files.exists(file)) {
                throw alreadyThere(file, null);
            }
        }
        try {
            KeyPair pair = Ed25519.generate();
            Files.createDirectories(directory);
            writePrivately(privateKey, PemFile.write(PemFile.PRIVATE_KEY, pair.getPrivate().getEncoded()));
            Files.write(publicKey, PemFile.write(PemFile.PUBLIC_KEY, pair.getPublic().getEncoded()), StandardOpenOption.CREATE_NEW);
            return new SigningKeys(privateKey, publicKey, Ed25519.keyId(pair.getPublic()));
        } catch (FileAlreadyExistsException e) {
            throw alreadyThere(Path.of(e.getFile()), e);
        } catch (IOException e) {
            throw new UnusableKeyException("The key files cannot be written [directory: %s, cause: %s: %s]"
                    .formatted(directory, e.getClass().getSimpleName(), e.getMessage()), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK cannot make Ed25519 keys", e);
        }
    }

    private static UnusableKeyException alreadyThere(Path file, Exception cause) {
        return new UnusableKeyException(
                "A file of that name is there already and is not overwritten; choose another name [file: " + file + "]", cause);
    }

    /** The permissions are the file's from its first moment on. */
    private static void writePrivately(Path file, byte[] bytes) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        Files.createFile(file, ownerOnly);
        Files.write(file, bytes, StandardOpenOption.WRITE);
    }

    /** A key file that cannot be used, or not be written; the message is one line and never holds a key. */
    public static final class UnusableKeyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param message what is wrong, with which file, and what to do */
        public UnusableKeyException(String message) {
            super(message);
        }

        /** @param cause of the file system or of the cryptography */
        public UnusableKeyException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
