import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startStandIns } from './stand-ins';

// A Sigstore of its own on loopback, until it is stopped: five ports from --port on, and in --dir the files to configure with.
// node --conditions=react-server --import tsx lib/testing/sigstore/serve.mts --port 7400 --dir folder
const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, dir: { type: 'string', default: '.' } },
});
const sigstore = await startStandIns({ port: Number(values.port) });
mkdirSync(values.dir, { recursive: true });
const write = (name: string, content: string): string => {
  const file = path.resolve(values.dir, name);
  writeFileSync(file, content);
  return file;
};
const files = {
  SEALTRAIL_TRUSTED_ROOT: write('trusted_root.json', JSON.stringify(sigstore.trustedRoot)),
  SEALTRAIL_SIGNING_CONFIG: write('signing_config.v0.2.json', JSON.stringify(sigstore.signingConfig(2))),
  SEALTRAIL_IDENTITY_TOKEN_FILE: write('identity-token', sigstore.token()),
};
write('signing_config.rekor-v1.json', JSON.stringify(sigstore.signingConfig(1, true)));
write('tuf-root.json', sigstore.tufRoot);
const renewal = setInterval(() => write('identity-token', sigstore.token()), 60_000);
const urls = Object.fromEntries(Object.entries(sigstore.services).map(([name, { url }]) => [name, url]));
process.stdout.write(`${JSON.stringify({ urls, files })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(renewal);
    void sigstore.close();
  });
}
