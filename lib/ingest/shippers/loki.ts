import * as z from 'zod';
import { AppError } from '../../core/errors';
import { type Entry, MAX_ENTRIES } from './delivery';
import { readBytes, readInner, readMessage } from './protobuf';
import { lineOfText } from './raw-line';

type Stamped = { atNs: bigint; chain: string | null; line: Buffer };

/** Labels that name a chain, the most explicit first. */
const NAMING = ['sealtrail_chain', 'filename', 'job', 'service_name'];
const Push = z.object({
  streams: z.array(
    z.object({
      stream: z.record(z.string(), z.string()).default({}),
      values: z.array(
        z.tuple([z.string().regex(/^-?\d{1,20}$/, 'must be nanoseconds, as a string'), z.string()], z.unknown()),
      ),
    }),
  ),
});

/** `POST /loki/api/v1/push` in JSON. @throws AppError BAD_REQUEST, also for a timestamp that is a number, as Loki does; TOO_LARGE. */
export function readLokiJson(body: Buffer): Entry[] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AppError('BAD_REQUEST', `the body is no JSON: ${error instanceof Error ? error.message : ''}`);
  }
  return inOrder(
    Push.parse(value).streams.flatMap(({ stream, values }) =>
      values.map(([at, line]) => ({
        atNs: BigInt(at),
        chain: chainOf(new Map(Object.entries(stream))),
        line: Buffer.from(line),
      })),
    ),
  );
}

/** The same in protobuf: logproto.PushRequest. @throws AppError BAD_REQUEST, TOO_LARGE. */
export function readLokiProtobuf(body: Buffer): Entry[] {
  const stamped: Stamped[] = [];
  readMessage(body, {
    1: (reader) => {
      let chain: string | null = null;
      const lines: { atNs: bigint; line: Buffer }[] = [];
      readInner(reader, {
        1: (inner) => {
          chain = chainOf(readLabels(readBytes(inner).toString('utf8')));
        },
        2: (inner) => {
          let atNs = 0n;
          let line: Buffer = Buffer.alloc(0);
          readInner(inner, {
            1: (stamp) => {
              readInner(stamp, {
                1: (seconds) => {
                  atNs += BigInt(seconds.int64().toString()) * 1_000_000_000n;
                },
                2: (nanos) => {
                  atNs += BigInt(nanos.int32());
                },
              });
            },
            2: (text) => {
              line = readBytes(text);
            },
          });
          lines.push({ atNs, line });
          if (lines.length > MAX_ENTRIES) throw tooMany();
        },
      });
      for (const { atNs, line } of lines) stamped.push({ atNs, chain, line });
    },
  });
  return inOrder(stamped);
}

/** Labels as Prometheus writes them: `{job="audit", filename="/var/log/a.jsonl"}`. @throws AppError BAD_REQUEST. */
export function readLabels(text: string): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) throw new AppError('BAD_REQUEST', 'the labels of a stream are {name="value", …}');
  const label = /\s*([a-zA-Z_][a-zA-Z0-9_.]*)\s*=\s*("(?:[^"\\]|\\.)*")\s*(,|$)/gy;
  while (label.lastIndex < inner.trimEnd().length) {
    const [, name, value] = label.exec(inner) ?? [];
    if (name === undefined || value === undefined)
      throw new AppError('BAD_REQUEST', 'the labels of a stream are {name="value", …}');
    labels.set(name, unquoted(value));
  }
  return labels;
}

function unquoted(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new AppError('BAD_REQUEST', `a label's value is a quoted text, not ${quoted.slice(0, 80)}`);
  }
}

function chainOf(labels: ReadonlyMap<string, string>): string | null {
  return NAMING.map((name) => labels.get(name)).find((value) => value !== undefined && value !== '') ?? null;
}

/** By time, as Loki keeps them; what has one time stays as it came. */
function inOrder(lines: readonly Stamped[]): Entry[] {
  if (lines.length > MAX_ENTRIES) throw tooMany();
  return lines
    .toSorted((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0))
    .map(({ chain, line }) =>
      chain === null
        ? { refused: 'nothing names the chain: set the label sealtrail_chain' }
        : { chain, ...lineOfText(line) },
    );
}

function tooMany(): AppError {
  return new AppError('TOO_LARGE', `a push is at most ${MAX_ENTRIES} lines`, { limit: MAX_ENTRIES });
}
