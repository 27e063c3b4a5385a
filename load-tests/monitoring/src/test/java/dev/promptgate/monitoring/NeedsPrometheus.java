package dev.promptgate.monitoring;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test class that needs {@code prometheus} and {@code promtool}, and is skipped with a message where one is not on the PATH. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsPrometheus.OnThePath.class)
@interface NeedsPrometheus {
    final class OnThePath implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            List<String> missing = Stream.of("prometheus", "promtool")
                    .filter(command -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                            .noneMatch(folder -> Files.isExecutable(Path.of(folder, command))))
                    .toList();
            return missing.isEmpty() ? ConditionEvaluationResult.enabled("found")
                    : ConditionEvaluationResult
                            .disabled("Not on the PATH: %s. Debian's package prometheus has both.".formatted(String.join(", ", missing)));
        }
    }
}
