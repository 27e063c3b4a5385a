package dev.promptgate.experiments.run;

import dev.promptgate.experiments.protocol.Protocol.RunOutcome;
import dev.promptgate.learning.step.StepReport;
import java.util.List;

/**
 * A finished cell.
 *
 * @param trainSeconds wall clock of training and testing
 * @param stepMillis median wall clock of a training step; NaN if there was none
 * @param reports what each step saw
 */
public record CellResult(Cell cell, RunOutcome outcome, double trainSeconds, double stepMillis, List<StepReport> reports) {}
