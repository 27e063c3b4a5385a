package dev.promptgate.cli.logging;

import com.fasterxml.jackson.core.JsonStreamContext;
import dev.promptgate.service.secrets.SecretMask;
import net.logstash.logback.mask.ValueMasker;

/** Masks the secrets in every text of a JSON log line: message, stack trace and fields alike. */
public final class SecretValueMasker implements ValueMasker {
    @Override
    public Object mask(JsonStreamContext context, Object value) {
        return value instanceof CharSequence text ? SecretMask.ofProcess().apply(text.toString()) : null; // null leaves it as it is
    }
}
