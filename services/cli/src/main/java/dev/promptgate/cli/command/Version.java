package dev.promptgate.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote down. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/dev/promptgate/cli/version.properties")) {
            properties.load(in);
        }
        return new String[] {"promptgate " + properties.getProperty("version") + " (Java " + System.getProperty("java.version") + ")"};
    }
}
