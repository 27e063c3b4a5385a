package dev.promptgate.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.internals.AppInfoParser;
import org.testcontainers.utility.DockerImageName;

/**
 * Finds the image of the broker: the one that the system property {@code promptgate.test.kafka-image} names; without it the one that
 * {@code infra/kafka-image/build} made, where the engine has it; else the public one. Its version is that of the Kafka client, which the
 * root pom pins.
 */
final class KafkaImage {
    static final String PROPERTY = "promptgate.test.kafka-image";
    private static final String PUBLIC = "apache/kafka";
    private static final String LOCALLY_BUILT = "promptgate/kafka";
    private static final int PULL_LIMIT_SECONDS = 300;

    private KafkaImage() {}

    static DockerImageName find(DockerClient docker) throws NoContainerException {
        DockerImageName image = wanted(docker);
        if (!isPresent(docker, image)) {
            fetch(docker, image);
        }
        return image.asCompatibleSubstituteFor(PUBLIC);
    }

    private static DockerImageName wanted(DockerClient docker) {
        String asked = System.getProperty(PROPERTY, "");
        if (!asked.isBlank()) {
            return DockerImageName.parse(asked);
        }
        DockerImageName local = DockerImageName.parse(LOCALLY_BUILT).withTag(AppInfoParser.getVersion());
        return isPresent(docker, local) ? local : DockerImageName.parse(PUBLIC).withTag(AppInfoParser.getVersion());
    }

    private static boolean isPresent(DockerClient docker, DockerImageName image) {
        try {
            docker.inspectImageCmd(image.asCanonicalNameString()).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** One attempt: where no registry can be reached, Testcontainers' own would go on for two minutes in every module. */
    private static void fetch(DockerClient docker, DockerImageName image) throws NoContainerException {
        if (image.getUnversionedPart().equals(LOCALLY_BUILT)) { // never from a registry, where the name could be anyone's
            throw new NoContainerException("the Docker engine has no image " + image + "; infra/kafka-image/build makes it");
        }
        String reason = "the Docker engine cannot fetch the image " + image;
        try {
            if (!docker.pullImageCmd(image.getUnversionedPart()).withTag(image.getVersionPart()).start().awaitCompletion(PULL_LIMIT_SECONDS,
                    TimeUnit.SECONDS)) {
                throw new NoContainerException(reason + " in " + PULL_LIMIT_SECONDS + " seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoContainerException(reason, e);
        } catch (RuntimeException e) {
            throw new NoContainerException(reason, e);
        }
    }
}
