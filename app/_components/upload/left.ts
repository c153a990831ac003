import * as z from 'zod';
import { toRequestError } from '../api/problem';
import { RequestError } from '../api/request-error';
import { type Kind, readKey } from './fingerprint';
import { senders } from './sender-lock';

/** An upload this browser began and did not end. */
export type Left = {
  url: string;
  key: string;
  kind: Kind;
  fingerprint: string;
  name: string;
  sizeBytes: number;
  chain: string | null;
  begunAt: string;
  /** That are with the server; all of them when it is whole. */
  sentBytes: number;
};

const Stored = z.object({ uploadUrl: z.string(), creationTime: z.coerce.date() });
/** The server drops what nobody goes on with after this. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** Uploads begun in this browser that the server still has a part of, in the order they were begun; those another tab is sending are left out. */
export async function findLeft(): Promise<Left[]> {
  const busy = await senders();
  const found = await Promise.all(Object.keys(localStorage).map((key) => look(key, busy)));
  return found.filter((left) => left !== null).toSorted((a, b) => a.begunAt.localeCompare(b.begunAt));
}

async function look(key: string, busy: ReadonlySet<string>): Promise<Left | null> {
  const reported = readKey(key);
  const stored = reported && Stored.safeParse(JSON.parse(localStorage.getItem(key) ?? 'null'));
  if (!reported || !stored?.success || busy.has(reported.fingerprint)) return null;
  const { uploadUrl: url, creationTime } = stored.data;
  const sentBytes = await offsetOf(url, reported.sizeBytes);
  if (sentBytes === null && Date.now() - creationTime.getTime() > KEPT_MS) localStorage.removeItem(key);
  return sentBytes === null ? null : { ...reported, url, key, begunAt: creationTime.toISOString(), sentBytes };
}

/** Bytes the server has; all of them when it has taken the file in already; null when it knows nothing of it. */
async function offsetOf(url: string, sizeBytes: number): Promise<number | null> {
  const head = await fetch(url, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } });
  if (head.ok) return Number(head.headers.get('Upload-Offset'));
  return (await fetch(url)).ok ? sizeBytes : null;
}

/** Drops what the server has of a file that is not being sent. @throws RequestError */
export async function giveUp(fingerprint: string): Promise<void> {
  for (const key of Object.keys(localStorage)) {
    if (readKey(key)?.fingerprint !== fingerprint) continue;
    const stored = Stored.safeParse(JSON.parse(localStorage.getItem(key) ?? 'null'));
    if (stored.success) await drop(stored.data.uploadUrl);
    localStorage.removeItem(key);
  }
}

async function drop(url: string): Promise<void> {
  const response = await fetch(url, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }).catch(() => {
    throw new RequestError(
      'It was not given up',
      'The server does not answer. An upload that is not resumed is deleted after seven days.',
      0,
      null,
    );
  });
  if (!response.ok && response.status !== 404 && response.status !== 410)
    throw toRequestError(response.status, await response.text());
}

/** Forgets where a file's bytes went. */
export function forget(fingerprint: string): void {
  for (const key of Object.keys(localStorage))
    if (readKey(key)?.fingerprint === fingerprint) localStorage.removeItem(key);
}
