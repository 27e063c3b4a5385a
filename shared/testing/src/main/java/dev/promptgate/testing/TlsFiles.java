package dev.promptgate.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A server's certificate for 127.0.0.1, made by the JDK's keytool.
 *
 * @param keystore PKCS12, with the key
 * @param certificate PEM: a truststore
 */
public record TlsFiles(Path keystore, Path certificate) {
    public static final String PASSWORD = "keystore-pass";

    /** @param hosts names that it is valid for, too */
    public static TlsFiles make(Path directory, String name, String... hosts) throws IOException, InterruptedException {
        TlsFiles files = new TlsFiles(directory.resolve(name + ".p12"), directory.resolve(name + ".pem"));
        String names = "san=ip:127.0.0.1" + Arrays.stream(hosts).map(host -> ",dns:" + host).collect(Collectors.joining());
        files.keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", names, "-storetype", "PKCS12");
        files.keytool("-exportcert", "-rfc", "-file", files.certificate.toString());
        return files;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "broker", "-keystore", keystore.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed " + command);
        }
    }
}
