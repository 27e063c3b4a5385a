package dev.promptgate.chaos.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;

/** A Java agent that plants a {@link Fault} in a service as its classes are loaded: {@code -javaagent:JAR=FAULT}. */
public final class FaultAgent {
    private static final Path CLASSES = Path.of("target/test-classes");

    private FaultAgent() {}

    public static void premain(String name, Instrumentation instrumentation) {
        Fault fault = Fault.valueOf(name);
        new AgentBuilder.Default().with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly())
                .type(ElementMatchers.named(fault.type))
                .transform((builder, type, loader, module, domain) -> builder
                        .visit(Advice.to(fault.advice).on(ElementMatchers.named(fault.method))))
                .installOn(instrumentation);
    }

    /** Packs this package for {@code -javaagent}, with Byte Buddy beside it, which the distribution has not got. */
    public static Path pack(Path directory) throws IOException, URISyntaxException {
        Path library = directory.resolve("byte-buddy.jar");
        Files.copy(Path.of(AgentBuilder.class.getProtectionDomain().getCodeSource().getLocation().toURI()), library);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, library.getFileName().toString());
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), FaultAgent.class.getName());
        Path jar = directory.resolve("faults.jar");
        Path classes = CLASSES.resolve(FaultAgent.class.getPackageName().replace('.', '/'));
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest);
                Stream<Path> files = Files.list(classes)) {
            for (Path each : files.toList()) {
                entries.putNextEntry(new JarEntry(CLASSES.relativize(each).toString()));
                Files.copy(each, entries);
            }
        }
        return jar;
    }
}
