package dev.promptgate.evaluator.evidence;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.logging.ImageLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images that judge prompts: held-out ones of labelled classes, and probe images of classes never trained; of each class the newest. An
 * id counts once, where its last record puts it.
 *
 * <p>A candidate is judged on the set as it stood at its horizon, which lies in the past when it arrives. What is displaced is therefore
 * remembered until no horizon can ask for it any more. A quarter more than the newest is kept in reserve for images that are relabelled or
 * taken back. Images of retired classes are held and judge nothing. Not thread-safe.
 */
public final class HeldOutSet {
    private static final Logger LOG = LoggerFactory.getLogger(HeldOutSet.class);
    /** An image that counted up to the record at an offset. */
    private record Displaced(HeldOutImage entry, long at) {}

    private static final int MIN_DISPLACED = 10_000;

    private final int perClass;
    private final int capacity;
    private final Map<String, HeldOutImage> current = new HashMap<>();
    private final Map<String, TreeMap<Long, HeldOutImage>> byClass = new HashMap<>();
    private final List<Displaced> displaced = new ArrayList<>();
    private final RetiredClasses retired = new RetiredClasses();
    /** Images that judge now, and how many of them are probe images: they are asked for at every poll. */
    private int judging;
    private int probing;
    /** Classes with images that judge now; null until it is asked for again. */
    private Set<String> classes;
    private long floor;

    /** @param perClass the most images of a class that judge */
    public HeldOutSet(int perClass) {
        this.perClass = perClass;
        capacity = perClass + (perClass + 3) / 4;
    }

    /**
     * Takes in a record; a training image only displaces what its id was before. Tells whether an image came in that judges and whose id
     * was not there.
     */
    public boolean put(ImageFeature image, long offset) {
        HeldOutImage before = current.get(image.imageId());
        boolean known = before != null;
        if (known) {
            displace(before, offset);
        }
        if (image.split() == Split.TRAIN) {
            ImageLog.debug(LOG, image.imageId())
                    .log(known ? "Dropped from the held-out set: it trains now" : "Not for the held-out set: it trains");
            return false;
        }
        tell(image, before);
        HeldOutImage entry = new HeldOutImage(image, offset);
        current.put(image.imageId(), entry);
        TreeMap<Long, HeldOutImage> ofClass = byClass.computeIfAbsent(image.label(), label -> new TreeMap<>());
        if (!isRetired(entry)) {
            count(entry, ofClass.isEmpty(), 1);
        }
        ofClass.put(offset, entry);
        if (ofClass.size() > capacity) {
            HeldOutImage oldest = ofClass.firstEntry().getValue();
            displace(oldest, offset);
            ImageLog.debug(LOG, oldest.image().imageId()).log("Dropped from the held-out set: its class has so many newer ones [label: {}]",
                    image.label());
        }
        return !known && !isRetired(entry);
    }

    /** Whether {@link #put} would bring in an image that judges and whose id is not there. */
    public boolean isNew(ImageFeature image) {
        return image.split() != Split.TRAIN && !current.containsKey(image.imageId()) && !retired.now().contains(image.label());
    }

    /** Takes a class out of what judges, or back into it, by the record at an offset; whether that changed anything. */
    public boolean retire(String label, boolean isRetired, long offset) {
        boolean isOther = retired.change(label, isRetired, offset);
        if (isOther) {
            byClass.getOrDefault(label, new TreeMap<>()).values().forEach(entry -> count(entry, true, isRetired ? -1 : 1));
        }
        return isOther;
    }

    /** An image that judges comes (1) or goes (-1); it may be its class's only one. */
    private void count(HeldOutImage entry, boolean isOnly, int change) {
        judging += change;
        probing += entry.isProbe() ? change : 0;
        classes = isOnly ? null : classes;
    }

    private boolean isRetired(HeldOutImage entry) {
        return retired.now().contains(entry.image().label());
    }

    private static void tell(ImageFeature image, HeldOutImage before) {
        if (before == null) {
            ImageLog.debug(LOG, image.imageId()).log("Taken into the held-out set [label: {}, split: {}]", image.label(), image.split());
        } else if (!before.image().label().equals(image.label()) || before.image().split() != image.split()) {
            ImageLog.debug(LOG, image.imageId()).log("Moved in the held-out set [before: {}, now: {}, split: {}]", before.image().label(),
                    image.label(), image.split());
        } else {
            ImageLog.debug(LOG, image.imageId()).log("In the held-out set already");
        }
    }

    /** Takes an image back by the record at an offset. */
    public boolean remove(String imageId, long offset) {
        HeldOutImage entry = current.get(imageId);
        if (entry == null) {
            return false;
        }
        displace(entry, offset);
        ImageLog.debug(LOG, imageId).log("Dropped from the held-out set: it was deleted");
        return true;
    }

    private void displace(HeldOutImage entry, long offset) {
        if (offset >= floor) {
            displaced.add(new Displaced(entry, offset));
            forgetOldest();
        }
        current.remove(entry.image().imageId());
        TreeMap<Long, HeldOutImage> ofClass = byClass.get(entry.image().label());
        ofClass.remove(entry.offset());
        if (!isRetired(entry)) {
            count(entry, ofClass.isEmpty(), -1);
        }
        if (ofClass.isEmpty()) {
            byClass.remove(entry.image().label());
        }
    }

    /** A stream that brings no candidate for long shall not fill the memory: a horizon that lies too far back is given up. */
    private void forgetOldest() {
        if (displaced.size() > Math.max(MIN_DISPLACED, 2 * current.size())) {
            List<Displaced> oldest = displaced.subList(0, displaced.size() / 4);
            floor = Math.max(floor, oldest.get(oldest.size() - 1).at() + 1);
            oldest.clear();
        }
    }

    /** From now on nobody asks for an earlier horizon than this. */
    public void forgetBefore(long horizon) {
        if (horizon > floor) {
            floor = horizon;
            displaced.removeIf(past -> past.at() < horizon);
            retired.forgetBefore(horizon);
        }
    }

    /**
     * The set as it stood when the records before the horizon had been read, in their order; at the last {@link #forgetBefore} at least.
     */
    public List<HeldOutImage> at(long horizon) {
        long asked = Math.max(horizon, floor);
        Set<String> out = retired.at(asked);
        Map<String, List<HeldOutImage>> alive = Stream
                .concat(current.values().stream(), displaced.stream().filter(past -> past.at() >= asked).map(Displaced::entry))
                .filter(entry -> entry.offset() < asked && !out.contains(entry.image().label()))
                .collect(Collectors.groupingBy(entry -> entry.image().label()));
        List<HeldOutImage> newest = new ArrayList<>();
        for (List<HeldOutImage> ofClass : alive.values()) {
            ofClass.sort(Comparator.comparingLong(HeldOutImage::offset));
            newest.addAll(ofClass.subList(Math.max(0, ofClass.size() - perClass), ofClass.size()));
        }
        newest.sort(Comparator.comparingLong(HeldOutImage::offset));
        return newest;
    }

    /** Classes with images now, retired ones excepted; the same immutable set until one comes or goes. */
    public Set<String> classes() {
        if (classes == null) {
            Set<String> now = new HashSet<>(byClass.keySet());
            now.removeAll(retired.now());
            classes = Collections.unmodifiableSet(now);
        }
        return classes;
    }

    /** Those with held-out images now, probe classes excepted, in the order of names. */
    public List<String> labelledClasses() {
        return byClass.entrySet().stream().filter(e -> !retired.now().contains(e.getKey()))
                .filter(e -> e.getValue().values().stream().anyMatch(entry -> !entry.isProbe()))
                .map(Map.Entry::getKey).sorted().toList();
    }

    /** Images that judge now and are not probe images. */
    public int heldOut() {
        return judging - probing;
    }

    /** Images that judge now. */
    public int size() {
        return judging;
    }

    /** Images held, and images displaced that a horizon can still ask for. */
    int remembered() {
        return current.size() + displaced.size();
    }

    /** An image of the {@link HeldOutSet}, whose record stands at an offset of image-features. */
    public record HeldOutImage(ImageFeature image, long offset) {
        /** Whether it measures classes that are never trained. */
        public boolean isProbe() {
            return image.split() == Split.PROBE;
        }
    }
}
