package dev.promptgate.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A broker's certificate for 127.0.0.1, made by the JDK's keytool.
 *
 * @param keystore PKCS12, with the key
 * @param certificate PEM: a truststore
 */
record TlsFiles(Path keystore, Path certificate) {
    static final String PASSWORD = "keystore-pass";

    static TlsFiles make(Path directory, String name) throws IOException, InterruptedException {
        TlsFiles files = new TlsFiles(directory.resolve(name + ".p12"), directory.resolve(name + ".pem"));
        files.keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12");
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
