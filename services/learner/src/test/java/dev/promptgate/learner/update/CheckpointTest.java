package dev.promptgate.learner.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    @Test
    void aCheckpointComesBackAsItWent() {
        Checkpoint planned = new Checkpoint(1234, 7, true, false, "sha256:abc");
        assertEquals(Optional.of(planned), Checkpoint.decode(planned.encode()));
        assertEquals(Optional.of(planned.done()), Checkpoint.decode(planned.done().encode()));
    }

    @Test
    void aCheckpointOfAnEarlierReleaseIsThatOfAWholeUpdate() {
        assertEquals(Optional.of(new Checkpoint(5, 1, false, true, "m")),
                Checkpoint.decode(new OffsetAndMetadata(5, "update=1 phase=done model=m")));
    }

    @Test
    void whatAnythingElseCommittedIsNone() {
        assertEquals(Optional.empty(), Checkpoint.decode(new OffsetAndMetadata(5)));
        assertEquals(Optional.empty(), Checkpoint.decode(new OffsetAndMetadata(5, "update=99999999999999999999 phase=done model=m")));
        assertEquals(Optional.empty(), Checkpoint.decode(new OffsetAndMetadata(5, "update=1 phase=half model=m")));
    }
}
