package dev.promptgate.cli.logging;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.promptgate.service.secrets.SecretMask;

/** A pattern layout whose whole line, message and stack trace alike, shows no secret: whatever library wrote it. */
public final class MaskedLayout extends PatternLayout {
    @Override
    public String doLayout(ILoggingEvent event) {
        return SecretMask.ofProcess().apply(super.doLayout(event));
    }
}
