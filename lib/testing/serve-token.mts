import { generateKeyPairSync } from 'node:crypto';
import { startToken } from './softhsm';

// A PKCS#11 token in software with one P-256 key, until it is stopped: prints its URI and the configuration by which it is found.
// node --import tsx lib/testing/serve-token.mts
const token = await startToken();
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
await token.importKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'sealtrail', 'a1');
process.stdout.write(`${JSON.stringify({ uri: token.uri('sealtrail'), conf: process.env['SOFTHSM2_CONF'] })}\n`);
const waiting = setInterval(() => undefined, 60_000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(waiting);
    void token.remove();
  });
}
