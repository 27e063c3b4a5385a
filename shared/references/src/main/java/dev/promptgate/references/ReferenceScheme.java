package dev.promptgate.references;

import dev.promptgate.messaging.record.WireName;

/** How a file is fetched: the scheme of its URI; tags meters. */
enum ReferenceScheme implements WireName {
    HTTPS,
    FILE,
    S3,
    /** None of those. */
    OTHER
}
