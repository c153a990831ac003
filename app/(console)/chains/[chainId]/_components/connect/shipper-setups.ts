/** What a set-up is filled in with. */
export type SetupPlace = {
  /** Of this server, without a path. */
  url: string;
  chain: string;
  /** A token with the ingest scope, or what stands for it. */
  token: string;
};

export type ShipperSetup = {
  id: 'forwarder' | 'curl' | 'vector' | 'fluent-bit' | 'opentelemetry' | 'splunk' | 'loki' | 'elastic';
  name: string;
  /** What to know before it is copied. */
  about: string;
  /** Where the text belongs; null for a shell. */
  file: string | null;
  text(place: SetupPlace): string;
};

const LOG = '/var/log/agent/audit.jsonl';

/** A text as TOML, YAML and JSON quote it. */
const quoted = (text: string) => JSON.stringify(text);
const shell = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const path = ({ chain }: SetupPlace) => encodeURIComponent(chain);

/** Set-ups that pass every line on as it was read, one a shipper. */
export const SHIPPER_SETUPS: readonly ShipperSetup[] = [
  {
    id: 'forwarder',
    name: 'Forwarder',
    about:
      'Ours: byte for byte, through rotation, crashes and outages, and it raises an alarm when the log is truncated or replaced.',
    file: null,
    text: (place) =>
      `# In a checkout of Sealtrail on the host of the log, after npm ci --omit=dev\nSEALTRAIL_TOKEN=${shell(place.token)} node workers/sealtrail.mjs tail ${LOG} \\\n  --to ${shell(place.url)} --chain ${shell(place.chain)}`,
  },
  {
    id: 'curl',
    name: 'curl',
    about: 'Send the last lines as often as you like: those that are here already are left out.',
    file: null,
    text: (place) =>
      `tail -n 1000 ${LOG} | curl -sSf --data-binary @- \\\n  -H ${shell(`Authorization: Bearer ${place.token}`)} \\\n  ${shell(`${place.url}/api/v1/chains/${path(place)}/records`)}`,
  },
  {
    id: 'vector',
    name: 'Vector',
    about: 'The codec raw_message keeps the line as it was read; any other re-serialises the record.',
    file: 'vector.toml',
    text: (place) => `[sources.agent]
type = "file"
include = ["${LOG}"]
read_from = "beginning"
max_line_bytes = 16777216

[sinks.sealtrail]
type = "http"
inputs = ["agent"]
uri = ${quoted(`${place.url}/api/v1/ingest/${path(place)}`)}
method = "post"
compression = "gzip"
encoding.codec = "raw_message"
framing.method = "newline_delimited"
auth.strategy = "bearer"
auth.token = ${quoted(place.token)}
request.concurrency = 1
acknowledgements.enabled = true`,
  },
  {
    id: 'fluent-bit',
    name: 'Fluent Bit',
    about:
      'No parser, so that the line stays whole. Without retry_limit Fluent Bit drops what it could not send at the second try.',
    file: 'fluent-bit.yaml',
    text: (place) => {
      const { hostname, port, protocol } = new URL(place.url);
      return `pipeline:
  inputs:
    - name: tail
      path: ${LOG}
      db: /var/lib/fluent-bit/agent.db
      read_from_head: true
      buffer_max_size: 16M
  outputs:
    - name: http
      match: "*"
      host: ${quoted(hostname)}
      port: ${port || (protocol === 'https:' ? 443 : 80)}
      tls: ${protocol === 'https:' ? 'on' : 'off'}
      uri: ${quoted(`/api/v1/ingest/${path(place)}`)}
      format: json
      compress: gzip
      header: ${quoted(`Authorization Bearer ${place.token}`)}
      workers: 1
      retry_limit: no_limits`;
    },
  },
  {
    id: 'opentelemetry',
    name: 'OpenTelemetry',
    about:
      'For the Collector. No json_parser operator, so that the body stays the line. Any OTLP/HTTP exporter works: set the attribute sealtrail.chain.',
    file: 'otelcol.yaml',
    text: (place) => `extensions:
  file_storage:
    directory: /var/lib/otelcol
receivers:
  filelog:
    include: [${LOG}]
    start_at: beginning
    max_log_size: 16MiB
    storage: file_storage
processors:
  resource:
    attributes:
      - { key: sealtrail.chain, value: ${quoted(place.chain)}, action: upsert }
exporters:
  otlphttp:
    endpoint: ${quoted(place.url)}
    headers:
      Authorization: ${quoted(`Bearer ${place.token}`)}
    sending_queue: { num_consumers: 1, storage: file_storage }
    retry_on_failure: { max_elapsed_time: 0 }
service:
  extensions: [file_storage]
  pipelines:
    logs: { receivers: [filelog], processors: [resource], exporters: [otlphttp] }`,
  },
  {
    id: 'splunk',
    name: 'Splunk HEC',
    about:
      'Any client of the HTTP Event Collector: this server as its URL, the token as its token, the chain as its source. Events are strings, or lines to /raw.',
    file: null,
    text: (place) =>
      `tail -n 1000 ${LOG} | curl -sSf --data-binary @- \\\n  -H ${shell(`Authorization: Splunk ${place.token}`)} \\\n  ${shell(`${place.url}/services/collector/raw?source=${path(place)}`)}`,
  },
  {
    id: 'loki',
    name: 'Loki',
    about:
      'For Promtail, and any other client of Loki’s push: the label sealtrail_chain names the chain. No pipeline stages, so that the line stays as it was read.',
    file: 'promtail.yaml',
    text: (place) => `positions:
  filename: /var/lib/promtail/positions.yaml
clients:
  - url: ${quoted(`${place.url}/loki/api/v1/push`)}
    basic_auth:
      username: sealtrail
      password: ${quoted(place.token)}
scrape_configs:
  - job_name: agent
    static_configs:
      - targets: [localhost]
        labels:
          sealtrail_chain: ${quoted(place.chain)}
          __path__: ${LOG}`,
  },
  {
    id: 'elastic',
    name: 'Elastic',
    about:
      'For the official clients and others that send _bulk: the index names the chain, and the line goes into “message”.',
    file: 'send.mjs',
    text: (place) => `import { readFileSync } from 'node:fs';
import { Client } from '@elastic/elasticsearch';

const client = new Client({ node: ${quoted(place.url)}, auth: { apiKey: ${quoted(place.token)} } });
// Not node:readline: it ends lines at U+2028 as well, which may stand inside a record.
const lines = readFileSync(${quoted(LOG)}, 'utf8').split('\\n').filter(Boolean);
const datasource = lines.map((message) => ({ message }));
const onDocument = () => ({ create: { _index: ${quoted(place.chain)} } });
console.log(await client.helpers.bulk({ datasource, onDocument, concurrency: 1 }));`,
  },
];
