package dev.promptgate.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Which room may use which: the table of README.md beside this module. A room is a package below {@code dev.promptgate}, with all that is
 * in it; each module has one.
 */
@AnalyzeClasses(packages = RoomsTest.ROOT, importOptions = {ImportOption.DoNotIncludeTests.class, RoomsTest.WrittenByHand.class})
class RoomsTest {
    /** Leaves out what JMH generates. */
    static final class WrittenByHand implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/jmh_generated/");
        }
    }

    static final String ROOT = "dev.promptgate";
    private static final int MOST_CLASSES = 15;

    private static final List<String> SERVICES = List.of("encoder", "learner", "evaluator", "classifier", "console", "ingest");
    private static final Map<String, Set<String>> MAY_USE = mayUse();

    private static Map<String, Set<String>> mayUse() {
        Map<String, Set<String>> rooms = new HashMap<>(Map.of(
                "clip", Set.of(), "bundled", Set.of(), "embeddedkafka", Set.of(),
                "messaging", Set.of(), "learning", Set.of("clip"), "experiments", Set.of("learning", "clip", "bundled"),
                "service", Set.of("messaging", "learning", "clip"), "follower", Set.of("messaging", "learning", "clip"),
                "objectstore", Set.of("service", "messaging"), "references", Set.of("objectstore", "service", "messaging")));
        Set<String> all = new HashSet<>(rooms.keySet());
        SERVICES.forEach(service -> rooms.put(service, Set.of("service", "follower", "references", "messaging", "learning", "clip")));
        all.addAll(SERVICES);
        rooms.put("cli", Set.copyOf(all));
        all.add("cli");
        rooms.put("load", Set.copyOf(all));
        rooms.put("history", Set.copyOf(all));
        all.add("load");
        rooms.put("benchmarks", Set.copyOf(all));
        return rooms;
    }

    @ArchTest
    static final ArchRule DEPENDENCIES_RUN_ONE_WAY = classes().should(new ArchCondition<>("use only rooms that the table allows") {
        @Override
        public void check(JavaClass user, ConditionEvents events) {
            Set<String> allowed = MAY_USE.get(room(user));
            if (allowed == null) {
                events.add(SimpleConditionEvent.violated(user, "The table lacks the room of " + user.getName()));
                return;
            }
            for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                JavaClass used = dependency.getTargetClass().getBaseComponentType();
                if (isOurs(used) && !room(used).equals(room(user)) && !allowed.contains(room(used))) {
                    events.add(SimpleConditionEvent.violated(user, dependency.getDescription()));
                }
            }
        }
    });

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONE_ROOM_FOR_KAFKAS_THREADS = noClasses().that().resideOutsideOfPackage(ROOT + ".service.kafka").should()
            .dependOnClassesThat().resideInAPackage("io.vertx.kafka.client.consumer..");

    @ArchTest
    static final ArchRule LOOPS_ALONE_POLL = noClasses().that(describe("are in encoder, learner or evaluator",
            type -> SERVICES.subList(0, 3).contains(room(type)))).should().dependOnClassesThat().areAssignableTo(Consumer.class);

    @ArchTest
    static final ArchRule PACKAGES_STAY_SMALL = classes().should(new ArchCondition<>("share a package with few others") {
        private final Map<String, Integer> sizes = new HashMap<>();

        @Override
        public void init(Collection<JavaClass> all) {
            all.stream().filter(JavaClass::isTopLevelClass).filter(type -> !type.getSimpleName().equals("package-info"))
                    .forEach(type -> sizes.merge(type.getPackageName(), 1, Integer::sum));
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {}

        @Override
        public void finish(ConditionEvents events) {
            sizes.forEach((name, size) -> {
                if (size > MOST_CLASSES) {
                    events.add(SimpleConditionEvent.violated(name, "%s has %d classes; %d are enough".formatted(name, size, MOST_CLASSES)));
                }
            });
        }
    });

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(ROOT + ".");
    }

    /** The first package name below the root. */
    private static String room(JavaClass type) {
        return type.getPackageName().split("\\.")[2];
    }
}
