package dev.promptgate.messaging.trust;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** The JDK's Ed25519 (RFC 8032). */
final class Ed25519 {
    private static final String NAME = "Ed25519";
    private static final int KEY_ID_BYTES = 8;

    private Ed25519() {}

    static KeyPair generate() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(NAME).generateKeyPair();
    }

    static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(NAME).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    static PublicKey publicKey(byte[] x509) throws GeneralSecurityException {
        return KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(x509));
    }

    /**
     * The public key of a private one. The JDK derives it only while it generates a pair, so a generator is given the private key as its
     * random seed; whether that worked is checked with a signature.
     */
    static PublicKey publicKeyOf(PrivateKey key) throws GeneralSecurityException {
        byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow(() -> new GeneralSecurityException("the key does not show its bytes"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME);
        generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(seed));
        PublicKey derived = generator.generateKeyPair().getPublic();
        byte[] probe = derived.getEncoded();
        if (!verify(derived, probe, sign(key, probe))) {
            throw new GeneralSecurityException("this JDK does not derive the public key; use another version");
        }
        return derived;
    }

    static byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(NAME);
        signature.initSign(key);
        signature.update(message);
        return signature.sign();
    }

    /** @throws GeneralSecurityException also if the signature cannot be one at all */
    static boolean verify(PublicKey key, byte[] message, byte[] bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(NAME);
        signature.initVerify(key);
        signature.update(message);
        return signature.verify(bytes);
    }

    /** The first 16 hexadecimal digits of the SHA-256 of the key's X.509 encoding. */
    static String keyId(PublicKey key) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 0, KEY_ID_BYTES);
    }

    /** "Random" bytes that are given. */
    private static final class FixedRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final byte[] bytes;

        FixedRandom(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, Math.min(bytes.length, target.length));
        }
    }
}
