import { startLogWitness } from './log-witness';

// A witness of C2SP logs on loopback, until it is stopped: prints what it is to be named by, and cosigns the log at the origin whose address is given.
// node --import tsx lib/testing/serve-witness.mts http://127.0.0.1:7325
const [url = ''] = process.argv.slice(2);
const witness = await startLogWitness('witness.example/w1', async () =>
  (await (await fetch(`${url}/tlog/log.vkey`)).text()).trim(),
);
process.stdout.write(`${witness.verifierKey}@${witness.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void witness.stop());
