import 'server-only';
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { AppError } from '../core/errors';
import { checkedStore } from './checked-store';
import type { EvidenceObserver } from './damage-reports';
import { sha256Of } from './in-blocks';
import { type FreeBytes, type Room, createRoom } from './room';
import type { EvidenceStore, ObjectStore, ObjectWriter } from './store';

/** Objects up to this are sent in one request. */
const SINGLE_BYTES = 16 * 1024 * 1024;
/** Parts of larger ones; S3 takes 10,000 of them, each of 5 MiB or more. */
const PART_BYTES = 8 * 1024 * 1024;
const MAX_PARTS = 10_000;

type Place = { client: S3Client; bucket: string; prefix: string };

type Options = {
  /** Of the disk for temporary files, left alone. */
  reserveBytes?: number;
  freeBytes?: FreeBytes | undefined;
  observer?: EvidenceObserver;
};

export function openS3Store(url: URL, { observer, ...options }: Options = {}): EvidenceStore {
  return checkedStore(openBucket(url, options), observer);
}

/**
 * Objects in an S3 bucket as `objects/ab/abcd…` below a prefix. A name is written once, on the condition that it is not there, so that
 * any number of hosts may write the same bytes. The name of an object is known at its end, so it is put together in a local temporary
 * file first. `s3://bucket/prefix?region=…&endpoint=…`; credentials come from where the AWS SDK looks for them.
 */
function openBucket(url: URL, { reserveBytes = 0, freeBytes }: Omit<Options, 'observer'>): ObjectStore {
  const endpoint = url.searchParams.get('endpoint');
  const client = new S3Client({
    region: url.searchParams.get('region') ?? process.env['AWS_REGION'] ?? 'us-east-1',
    // Servers other than AWS's are reached by path as a rule: their names have no subdomain for a bucket.
    ...(endpoint && { endpoint, forcePathStyle: true }),
    maxAttempts: 5,
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const prefix = url.pathname.replaceAll(/^\/|\/$/g, '');
  const place: Place = { client, bucket: url.hostname, prefix: prefix === '' ? '' : `${prefix}/` };
  return {
    create: () => s3Writer(place, createRoom(tmpdir(), { reserveBytes, freeBytes }, 'temporary files')),
    stat: (digest) => sizeOf(place, keyOf(place, digest)),
    read: (digest, span) => read(place, digest, span),
    async remove(digest) {
      try {
        await client.send(new DeleteObjectCommand({ Bucket: place.bucket, Key: keyOf(place, digest) }));
      } catch (error) {
        throw unavailable('written', error);
      }
    },
    async probe() {
      const Key = `${place.prefix}probe/${randomUUID()}`;
      try {
        await client.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body: 'probe' }));
        await client.send(new DeleteObjectCommand({ Bucket: place.bucket, Key }));
        return true;
      } catch {
        return false; // the answer is the point: not writable now
      }
    },
  };
}

function keyOf({ prefix }: Place, digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new AppError('BAD_REQUEST', 'a digest is 64 lower-case hex digits');
  return `${prefix}objects/${digest.slice(0, 2)}/${digest}`;
}

async function read(
  place: Place,
  digest: string,
  { from, to }: { from: number; to: number },
): Promise<AsyncIterable<Buffer>> {
  const Key = keyOf(place, digest);
  if (to <= from) return Readable.from([]);
  try {
    const { Body } = await place.client.send(
      new GetObjectCommand({ Bucket: place.bucket, Key, Range: `bytes=${from}-${to - 1}` }),
    );
    return chunksOf(Body as Readable); // in Node the SDK gives Node's stream
  } catch (error) {
    if (isStatus(error, 404))
      throw new AppError('EVIDENCE_MISSING', `evidence object ${digest} is not in the store`, { digest });
    if (isStatus(error, 416)) return Readable.from([]);
    throw unavailable('read', error);
  }
}

async function* chunksOf(body: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of body) yield chunk as Buffer; // a byte stream without encoding yields Buffers
  } catch (error) {
    throw unavailable('read', error);
  }
}

/** What the server, or the way there, does not do now it may do later. */
function unavailable(what: 'read' | 'written', cause: unknown): AppError {
  return cause instanceof AppError
    ? cause
    : new AppError(
        'EVIDENCE_UNAVAILABLE',
        `the evidence store cannot be ${what} now; nothing was lost, try again when it answers`,
        {},
        { cause },
      );
}

async function sizeOf({ client, bucket }: Place, Key: string): Promise<number | null> {
  try {
    const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    return ContentLength ?? null;
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw unavailable('read', error);
  }
}

async function s3Writer(place: Place, room: Room): Promise<ObjectWriter> {
  await room.take(0);
  const directory = await mkdtemp(path.join(tmpdir(), 'sealtrail-object-'));
  const file = await open(path.join(directory, 'object'), 'wx+', 0o600);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const drop = async () => {
    await file.close().catch(() => undefined); // already closed is as good
    await rm(directory, { recursive: true, force: true });
  };
  return {
    get sizeBytes() {
      return sizeBytes;
    },
    async write(chunk) {
      await room.take(chunk.length);
      try {
        for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
      } catch (error) {
        if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
          throw new AppError(
            'STORAGE_FULL',
            'the disk for temporary files has no room left; nothing of this upload was kept',
            {},
            { cause: error },
          );
        throw error;
      }
      hash.update(chunk);
      sizeBytes += chunk.length;
    },
    async commit() {
      const digest = hash.digest('hex');
      const key = keyOf(place, digest);
      const before = await present(place, digest, sizeBytes);
      if (before !== 'the same') await put(place, key, file, { digest, sizeBytes, onlyNew: before === 'nothing' });
      await drop();
      return { digest, sizeBytes, ...(before === 'other bytes' && { replaced: 'altered' }) };
    },
    discard: drop,
  };
}

/** What has the name of an object of this size now. */
async function present(
  place: Place,
  digest: string,
  sizeBytes: number,
): Promise<'nothing' | 'the same' | 'other bytes'> {
  const size = await sizeOf(place, keyOf(place, digest));
  if (size === null) return 'nothing';
  return size === sizeBytes && (await sha256Of(await read(place, digest, { from: 0, to: size }))) === digest
    ? 'the same'
    : 'other bytes';
}

/** Resolves when the store has acknowledged the whole object: S3 is strongly consistent and durable from then on. */
async function put(
  place: Place,
  key: string,
  file: FileHandle,
  { digest, sizeBytes, onlyNew }: { digest: string; sizeBytes: number; onlyNew: boolean },
): Promise<void> {
  const condition = onlyNew ? { IfNoneMatch: '*' } : {};
  try {
    if (sizeBytes <= SINGLE_BYTES)
      await place.client.send(
        new PutObjectCommand({
          Bucket: place.bucket,
          Key: key,
          Body: await readPart(file, 0, sizeBytes),
          ...condition,
        }),
      );
    else await putParts(place, key, file, sizeBytes, condition);
  } catch (error) {
    // Somebody else wrote it meanwhile.
    if (isStatus(error, 412)) {
      if ((await present(place, digest, sizeBytes)) === 'the same') return;
      return put(place, key, file, { digest, sizeBytes, onlyNew: false });
    }
    if (
      isStatus(error, 507) ||
      (error instanceof S3ServiceException && /XMinioStorageFull|QuotaExceeded|InsufficientStorage/.test(error.name))
    )
      throw new AppError(
        'STORAGE_FULL',
        'the evidence store has no room left; nothing of this upload was kept',
        {},
        { cause: error },
      );
    throw unavailable('written', error);
  }
}

async function putParts(
  { client, bucket: Bucket }: Place,
  Key: string,
  file: FileHandle,
  sizeBytes: number,
  condition: { IfNoneMatch?: string },
): Promise<void> {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const partBytes = Math.max(PART_BYTES, Math.ceil(sizeBytes / MAX_PARTS));
  try {
    const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
    for (let at = 0; at < sizeBytes; at += partBytes) {
      const PartNumber = Parts.length + 1;
      const { ETag } = await client.send(
        new UploadPartCommand({
          Bucket,
          Key,
          UploadId,
          PartNumber,
          Body: await readPart(file, at, Math.min(sizeBytes, at + partBytes)),
        }),
      );
      Parts.push({ ETag, PartNumber });
    }
    await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...condition }),
    );
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined); // the store's own clean-up takes it
    throw error;
  }
}

async function readPart(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const part = Buffer.allocUnsafe(to - from);
  for (let at = 0; at < part.length; ) {
    const { bytesRead } = await file.read(part, at, part.length - at, from + at);
    if (bytesRead === 0) throw new Error('the temporary file is shorter than what was written to it');
    at += bytesRead;
  }
  return part;
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}
