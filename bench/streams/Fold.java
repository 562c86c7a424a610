import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The fold as Kafka Streams would do it: of each fact the highest revision holds, and its cell moves by the difference;
 * exactly_once_v2. Arguments: brokers, topic, number of events, state folder. Prints events, the sum of all cells, and
 * seconds from the first event to the last one committed.
 */
public final class Fold {
    private static final AtomicLong SEEN = new AtomicLong();
    private static final AtomicLong TOTAL = new AtomicLong();
    private static final AtomicLong BEGAN = new AtomicLong();
    private static final CountDownLatch ALL = new CountDownLatch(1);
    private static long wanted;

    public static void main(String[] arguments) throws Exception {
        wanted = Long.parseLong(arguments[2]);
        Properties options = new Properties();
        options.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-streams");
        options.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        options.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        options.put(StreamsConfig.STATE_DIR_CONFIG, arguments[3]);
        options.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        options.put("auto.offset.reset", "earliest");
        Topology topology = new Topology();
        topology.addSource("events", Serdes.String().deserializer(), Serdes.ByteArray().deserializer(), arguments[1]);
        topology.addProcessor("fold", Folding::new, "events");
        topology.addStateStore(Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore("facts"), Serdes.String(), Serdes.String()), "fold");
        topology.addStateStore(Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore("cells"), Serdes.String(), Serdes.Long()), "fold");
        KafkaStreams streams = new KafkaStreams(topology, options);
        streams.start();
        ALL.await();
        streams.close();
        System.out.println(SEEN.get() + " " + TOTAL.get() + " " + (System.nanoTime() - BEGAN.get()) / 1e9);
    }

    private static final class Folding implements Processor<String, byte[], Void, Void> {
        private final ObjectMapper json = new ObjectMapper();
        private KeyValueStore<String, String> facts;
        private KeyValueStore<String, Long> cells;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            facts = context.getStateStore("facts");
            cells = context.getStateStore("cells");
        }

        @Override
        public void process(Record<String, byte[]> record) {
            BEGAN.compareAndSet(0, System.nanoTime());
            try {
                take(json.readTree(record.value()));
            } catch (java.io.IOException error) {
                throw new java.io.UncheckedIOException(error);
            }
            if (SEEN.incrementAndGet() == wanted) {
                ALL.countDown();
            }
        }

        private void take(JsonNode event) {
            String told = event.get("type").asText();
            String type = told.replace(".retracted", "");
            String agency = event.get("agency").asText();
            String fact = agency + " " + type + " " + event.get("subject").asText();
            String rank = String.format("%09d %s", event.path("revision").asInt(1), event.get("id").asText());
            String known = facts.get(fact);
            if (known != null) {
                String[] before = known.split("\t");
                if (before[0].compareTo(rank) >= 0) {
                    return;
                }
                add(before[1], -Long.parseLong(before[2]));
            }
            long amount = told.equals(type) ? event.path("data").path("amount").asLong(1) : 0;
            String cell = type + " " + agency + " " + event.get("time").asText().substring(0, 7);
            add(cell, amount);
            facts.put(fact, rank + "\t" + cell + "\t" + amount);
        }

        private void add(String cell, long amount) {
            Long sum = cells.get(cell);
            cells.put(cell, (sum == null ? 0 : sum) + amount);
            TOTAL.addAndGet(amount);
        }
    }
}
