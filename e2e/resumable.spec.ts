import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import * as tus from 'tus-js-client';
import * as z from 'zod';
import { installation, sealtrail } from './installation';
import { processesOf } from './launch';
import { apart, occasioLog } from './occasio-log';

const Receipt = z.object({
  uploads: z.array(z.object({ chainId: z.string(), sha256: z.string(), records: z.number() })),
});
const PART_BYTES = 1024 * 1024;

let headers: Record<string, string>;
test.beforeAll(async () => {
  headers = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest,read', '--name', 'tus test')}`,
  };
});

/** Sends with the field's own client until `stopAt` bytes are there, or to the end; gives the upload's address and the last answer. */
function send(
  log: Buffer,
  fileName: string,
  { uploadUrl, stopAt = Infinity }: { uploadUrl?: string; stopAt?: number } = {},
): Promise<{ url: string; body: string }> {
  return new Promise((resolve, reject) => {
    let body = '';
    const upload = new tus.Upload(log, {
      endpoint: `${installation().url}/api/v1/resumable`,
      ...(uploadUrl && { uploadUrl }),
      headers,
      chunkSize: PART_BYTES,
      metadata: { filename: fileName },
      retryDelays: Array.from({ length: 40 }, () => 500),
      onAfterResponse: (_request, response) => {
        body = response.getBody();
      },
      onChunkComplete: (_size, accepted) => {
        if (accepted < stopAt || accepted === log.length) return;
        void upload.abort().then(() => resolve({ url: upload.url ?? '', body }));
      },
      onError: reject,
      onSuccess: () => resolve({ url: upload.url ?? '', body }),
    });
    upload.start();
  });
}

test('an upload in parts goes on where it stopped, and ends as any other', async ({ request }) => {
  const log = occasioLog('goes-on', 20_000, { from: apart(2023) });
  const paused = await send(log, 'goes-on.jsonl', { stopAt: 3 * PART_BYTES });
  const head = await request.head(paused.url, { headers: { ...headers, 'Tus-Resumable': '1.0.0' } });
  expect(Number(head.headers()['upload-offset'])).toBe(3 * PART_BYTES);
  const { body } = await send(log, 'goes-on.jsonl', { uploadUrl: paused.url });
  const { uploads } = Receipt.parse(JSON.parse(body));
  expect(uploads).toMatchObject([{ sha256: createHash('sha256').update(log).digest('hex'), records: 20_000 }]);
  // Whoever did not see the answer asks for it; the parts are gone.
  expect(Receipt.parse(await (await request.get(paused.url, { headers })).json()).uploads).toEqual(uploads);
  const id = paused.url.split('/').at(-1) ?? '';
  expect(readdirSync(path.join(installation().dataDir, 'incoming')).filter((name) => name.startsWith(id))).toEqual([]);
});

test('given up, it leaves nothing', async ({ request }) => {
  const { url } = await send(occasioLog('given-up', 20_000), 'given-up.jsonl', { stopAt: 2 * PART_BYTES });
  const id = url.split('/').at(-1) ?? '';
  const kept = () => readdirSync(path.join(installation().dataDir, 'incoming')).filter((name) => name.startsWith(id));
  expect(kept().length).toBeGreaterThan(0);
  expect((await request.delete(url, { headers: { ...headers, 'Tus-Resumable': '1.0.0' } })).status()).toBe(204);
  expect(kept()).toEqual([]);
  const chains = z
    .object({ items: z.array(z.unknown()) })
    .parse(await (await request.get('/api/v1/chains?q=given-up', { headers })).json());
  expect(chains.items).toEqual([]);
});

test("nobody else's upload can be seen, gone on with or given up", async ({ request }) => {
  const { url } = await send(occasioLog('whose', 20_000), 'whose.jsonl', { stopAt: PART_BYTES });
  const other = {
    Authorization: `Bearer ${await sealtrail('token', 'create', '--scopes', 'ingest', '--name', 'somebody else')}`,
    'Tus-Resumable': '1.0.0',
  };
  expect((await request.head(url, { headers: other })).status()).toBe(404);
  expect((await request.delete(url, { headers: other })).status()).toBe(404);
  expect((await fetch(url, { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } })).status).toBe(401);
});

test('what is no log is refused at its end with the reason, and not kept', async () => {
  await expect(send(Buffer.alloc(2 * PART_BYTES, 'nonsense\n'), 'nonsense.txt')).rejects.toThrow(
    /422.*like none of the formats/s,
  );
});

test('@fault kill -9 of the web process in the middle: the same client goes on by itself', async () => {
  const log = occasioLog('killed', 30_000, { from: apart(2024) });
  const sending = send(log, 'killed.jsonl');
  await new Promise((resolve) => setTimeout(resolve, 60));
  const web = processesOf(installation().dataDir).get('web');
  if (web) process.kill(web, 'SIGKILL');
  const { body } = await sending;
  expect(Receipt.parse(JSON.parse(body)).uploads).toMatchObject([
    { sha256: createHash('sha256').update(log).digest('hex'), records: 30_000 },
  ]);
});
