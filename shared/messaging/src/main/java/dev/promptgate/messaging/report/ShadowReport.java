package dev.promptgate.messaging.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import java.util.List;

/**
 * A record of {@code shadow-reports}: how often a candidate in shadow mode would have answered otherwise than the live prompt.
 *
 * @param model fingerprint of the CLIP
 * @param changes answers that changed, the most frequent first; not all of them
 */
public record ShadowReport(String prompt, String model, @JsonUnwrapped Asked asked, @JsonUnwrapped Tally tally, List<Change> changes) {
    /** Who was asked, and from when to when, epoch milliseconds. */
    public record Asked(long liveVersion, long candidateVersion, long from, long to) {}

    /**
     * Images: those with the same first label, also where the candidate answers among the live prompt's classes, and, not among {@code
     * images}, those that there was no time for.
     */
    public record Tally(long images, long agreed, long agreedAmongLiveClasses, long dropped) {}

    public record Change(String live, String candidate, int images) {}

    public ShadowReport {
        changes = List.copyOf(changes);
    }

    public byte[] encode() {
        return ReportJson.bytes(this);
    }

    /** @throws InvalidReportException if the bytes are no such report */
    public static ShadowReport decode(byte[] bytes) throws InvalidReportException {
        return ReportJson.read(ReportJson.parse(bytes), ShadowReport.class);
    }
}
