// `npm run examples`: installs what it lacks, as `npm test` does, then writes a bundle of every predicate by every signer.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureInstalled, pinnedNode, ROOT } from './install.mjs';

try {
  await ensureInstalled({ dev: true, say: (line) => void process.stdout.write(`${line}\n`) });
  const made = spawn(
    pinnedNode(),
    [
      '--conditions=react-server',
      '--import',
      'tsx',
      path.join(ROOT, 'lib/testing/examples.mts'),
      ...process.argv.slice(2).map((folder) => path.resolve(process.env.INIT_CWD ?? '.', folder)),
    ],
    { cwd: ROOT, stdio: 'inherit' },
  );
  made.once('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  made.once('close', (code) => (process.exitCode = code ?? 1));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
