package dev.promptgate.testing.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Gives a test class the bundled model as a parameter of type {@code ClipModel}: one for the whole JVM, which no test closes. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(BundledModelExtension.class)
public @interface BundledModelTest {
}
