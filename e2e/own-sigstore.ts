import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleToJSON } from '@sigstore/bundle';
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, type Witness } from '@sigstore/sign';
import * as z from 'zod';
import { ROOT } from './launch';

const Said = z.object({
  urls: z.object({ fulcio: z.url(), rekorV1: z.url(), tsa: z.url() }),
  files: z.object({ SEALTRAIL_TRUSTED_ROOT: z.string(), SEALTRAIL_IDENTITY_TOKEN_FILE: z.string() }),
});

/** A Sigstore of its own on loopback that signs statements with certificates, as CI does. */
export async function ownSigstore() {
  const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-sigstore-'));
  const args = [
    '--conditions=react-server',
    '--import',
    'tsx',
    path.join(ROOT, 'lib/testing/sigstore/serve.mts'),
    '--dir',
    folder,
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const { urls, files } = await new Promise<z.infer<typeof Said>>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('\n')) resolve(Said.parse(JSON.parse(said)));
    });
    child.once('exit', () => reject(new Error('the Sigstore did not come up')));
  });
  return {
    trustedRoot: readFileSync(files.SEALTRAIL_TRUSTED_ROOT),
    async bundle(statement: object): Promise<object> {
      const builder = new DSSEBundleBuilder({
        signer: new FulcioSigner({
          fulcioBaseURL: urls.fulcio,
          identityProvider: { getToken: async () => readFileSync(files.SEALTRAIL_IDENTITY_TOKEN_FILE, 'utf8') },
        }),
        witnesses: [
          new RekorWitness({ rekorBaseURL: urls.rekorV1, entryType: 'dsse' }),
          timestampWitness(`${urls.tsa}/api/v1/timestamp`),
        ],
      });
      return bundleToJSON(
        await builder.create({ type: 'application/vnd.in-toto+json', data: Buffer.from(JSON.stringify(statement)) }),
      );
    },
    close(): Promise<void> {
      rmSync(folder, { recursive: true, force: true });
      child.kill('SIGTERM');
      return new Promise((resolve) => child.once('exit', () => resolve()));
    },
  };
}

/** DER of a TimeStampReq (RFC 3161 section 2.4.1) for a SHA-256, which goes between the two; the authority's certificate is asked for too. */
const BEFORE_HASH = Buffer.from('30390201013031300d060960864801650304020105000420', 'hex');
const AFTER_HASH = Buffer.from('0101ff', 'hex');

function timestampWitness(url: string): Witness {
  return {
    async testify(content) {
      const signature =
        content.$case === 'dsseEnvelope' ? content.dsseEnvelope.signatures[0]?.sig : content.messageSignature.signature;
      const imprint = createHash('sha256')
        .update(signature ?? '')
        .digest();
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/timestamp-query' },
        body: Buffer.concat([BEFORE_HASH, imprint, AFTER_HASH]),
      });
      return { rfc3161Timestamps: [{ signedTimestamp: Buffer.from(await answer.arrayBuffer()) }] };
    },
  };
}
