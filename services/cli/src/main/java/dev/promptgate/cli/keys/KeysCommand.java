package dev.promptgate.cli.keys;

import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.TrustSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "keys", mixinStandardHelpOptions = true, description = "Keys that candidates and rollouts are "
        + "signed with.", subcommands = KeysCommand.Generate.class)
public final class KeysCommand {
    @Command(name = "generate", mixinStandardHelpOptions = true, description = "Makes a pair of Ed25519 keys: NAME.key signs and stays "
            + "with one service, NAME.pub verifies and goes to everybody. Overwrites nothing.", footer = {
                    "", "Examples:", "  promptgate keys generate keys --name candidates", "  promptgate keys generate keys --name rollouts",
                    "",
                    "To change a key: add the new .pub to the public keys everywhere (with a comma), sign with the new .key, then "
                            + "take the old .pub away."})
    static final class Generate implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "DIR", description = "where to write; made if it is missing")
        private Path directory;

        @Option(names = "--name", paramLabel = "NAME", defaultValue = "rollouts", //
                description = "of the two files; default ${DEFAULT-VALUE}")
        private String name;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            SigningKeys keys = SigningKeys.generate(directory, name);
            PrintWriter out = spec.commandLine().getOut();
            out.printf("key id %s%n%n", keys.keyId());
            out.println("To sign rollouts (each kind wants a pair of its own):");
            print(out, "evaluator", TrustSettings.ROLLOUT_SIGNING_KEY, keys.privateKey());
            print(out, "whoever follows rollouts", TrustSettings.ROLLOUT_PUBLIC_KEYS, keys.publicKey());
            out.println("or candidates:");
            print(out, "learner", TrustSettings.CANDIDATE_SIGNING_KEY, keys.privateKey());
            print(out, "evaluator and learner", TrustSettings.CANDIDATE_PUBLIC_KEYS, keys.publicKey());
            return 0;
        }

        private static void print(PrintWriter out, String who, Setting<?> setting, Path file) {
            out.printf("  %s=%s   # %s%n", setting.key(), file.toAbsolutePath().normalize(), who);
        }
    }
}
