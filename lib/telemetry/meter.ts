import 'server-only';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { type WriteState, createWriteState } from './write-state';

/** What this process counts of its own work, in Prometheus's terms, and whether it can keep what it is sent. */
export type Meter = {
  registry: Registry;
  /** By the route's own name: `append`, `upload`, `otlp`, … */
  accepted(via: string, counts: { bytes: number; records: number; duplicates?: number }): void;
  /** By error code, in lower case. */
  refused(code: string): void;
  /** Seconds from the first byte of a commit to its being durable. */
  committed(seconds: number, appends: number): void;
  writes: WriteState;
};

export function createMeter(role: string): Meter {
  const registry = new Registry();
  registry.setDefaultLabels({ process: role });
  collectDefaultMetrics({ register: registry });
  const writes = createWriteState();
  const registers = [registry];
  const records = new Counter({
    name: 'sealtrail_accepted_records_total',
    help: 'Records accepted, durable when counted',
    labelNames: ['via'],
    registers,
  });
  const bytes = new Counter({
    name: 'sealtrail_accepted_bytes_total',
    help: 'Plain bytes accepted, durable when counted',
    labelNames: ['via'],
    registers,
  });
  const duplicates = new Counter({
    name: 'sealtrail_duplicate_records_total',
    help: 'Records delivered again and left out as duplicates',
    labelNames: ['via'],
    registers,
  });
  const refused = new Counter({
    name: 'sealtrail_refused_total',
    help: 'Requests to take something in that were refused, by cause',
    labelNames: ['cause'],
    registers,
  });
  const commits = new Histogram({
    name: 'sealtrail_append_commit_seconds',
    help: 'Time to make a group of appends durable',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers,
  });
  const grouped = new Counter({
    name: 'sealtrail_appends_committed_total',
    help: 'Appends made durable; divided by the commits it gives the group size',
    registers,
  });
  new Gauge({
    name: 'sealtrail_degraded',
    help: '1 while a write failed and three in a row have not succeeded since',
    registers,
    collect() {
      this.set(writes.trouble() ? 1 : 0);
    },
  });
  return {
    registry,
    accepted(via, counts) {
      records.inc({ via }, counts.records);
      bytes.inc({ via }, counts.bytes);
      if (counts.duplicates) duplicates.inc({ via }, counts.duplicates);
    },
    refused: (code) => refused.inc({ cause: code.toLowerCase() }),
    committed(seconds, appends) {
      commits.observe(seconds);
      grouped.inc(appends);
    },
    writes,
  };
}
