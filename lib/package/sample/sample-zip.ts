import 'server-only';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { proveRecord } from '../../attest/tree/prove-record';
import { VERIFIER_PROGRAM, verifierProgram } from '../../config/verifier-html';
import type { Context } from '../../context';
import { NEWLINE_BYTES } from '../../core/bytes/newline';
import { AppError } from '../../core/errors';
import { formatRecordProof } from '../../core/merkle/record-proof';
import type { Drawn } from '../../core/sampling/draw';
import type { RecordSample } from '../../core/sampling/record-sample';
import { type PlacedRecord, lineOf } from '../../events/export-events';
import { type RequestedSample, draw } from './draw-sample';
import { sampleReadme } from './sample-readme';

/** The same sample gives the same bytes, as long as no newer attestation proves its records. */
const OPTIONS = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 };

/**
 * A sample as a ZIP: what was drawn of what, the lines, a proof of each that an attestation covers, and what checks it all. One record is held
 * at a time. @throws AppError BAD_REQUEST; CONFLICT when `population` is not the SHA-256 of what is found now.
 */
export async function sampleZip(
  ctx: Context,
  { population, ...requested }: RequestedSample & { population?: string | undefined },
): Promise<Readable> {
  const steps = draw(ctx, requested);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  const { sample, drawn } = step.value;
  if (population !== undefined && population !== sample.population.sha256)
    throw new AppError('CONFLICT', 'the population is another one by now: records came, or chains were replaced', {
      expected: population,
      found: sample.population.sha256,
    });
  const zip = new ZipFile();
  const output = zip.outputStream as Readable; // node's type of the same thing
  // What was sent so far cannot be taken back: the connection breaks off, and no ZIP is whole without its end.
  fill(ctx, zip, output, sample, drawn).catch((error: unknown) =>
    output.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return output;
}

async function fill(
  ctx: Context,
  zip: ZipFile,
  output: Readable,
  sample: RecordSample,
  drawn: readonly Drawn<PlacedRecord>[],
): Promise<void> {
  const records = [];
  for (const [index, record] of sample.records.entries()) {
    const place = drawn[index]?.of;
    if (!place) throw new Error('every record drawn has its place');
    const name = `${String(index + 1).padStart(3, '0')}-${record.chain.replaceAll(/[^\w.-]+/g, '_').slice(0, 80)}-record-${record.ordinal}`;
    const line = `lines/${name}.ndjson`;
    await put(zip, output, line, Buffer.concat([await lineOf(ctx, place), NEWLINE_BYTES]));
    const proven = await proofOf(ctx, record);
    const proof = proven === null ? null : `proofs/${name}.proof.json`;
    if (proven !== null && proof !== null) await put(zip, output, proof, Buffer.from(proven));
    records.push({ ...record, files: { line, proof } });
  }
  await put(zip, output, 'sample.json', Buffer.from(`${JSON.stringify({ ...sample, records }, null, 2)}\n`));
  await put(zip, output, VERIFIER_PROGRAM, await verifierProgram());
  await put(zip, output, 'README.md', Buffer.from(sampleReadme(sample, records, ctx.env.workspaceUrl)));
  zip.end();
}

/** Null while no attestation that stands covers the record. */
async function proofOf(ctx: Context, record: RecordSample['records'][number]): Promise<string | null> {
  try {
    return formatRecordProof((await proveRecord(ctx, record)).proof);
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFLICT') return null;
    throw error;
  }
}

/** Resolves when it was read. */
function put(zip: ZipFile, output: Readable, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (output.destroyed) return reject(new Error('nobody reads the sample any more'));
    const onClose = () => reject(new Error('nobody reads the sample any more'));
    output.once('close', onClose);
    zip.addReadStreamLazy(name, { ...OPTIONS, size: bytes.length }, (ready) => {
      const content = Readable.from([bytes], { objectMode: false });
      content.once('close', () => {
        output.off('close', onClose);
        resolve();
      });
      ready(null, content);
    });
  });
}
