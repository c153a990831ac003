import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

/** `go install` puts its programs into a folder few have in their path. */
const withGo = (env: NodeJS.ProcessEnv) => ({
  ...env,
  PATH: `${env['PATH'] ?? ''}${path.delimiter}${path.join(homedir(), 'go/bin')}`,
});

/** An environment in which `cosign` is found: that of the machine, or `standIn` where it has none or it is asked for. */
export function auditorEnvironment({ standIn = false } = {}): NodeJS.ProcessEnv {
  const env = withGo(process.env);
  if (!standIn && spawnSync('sh', ['-c', 'command -v cosign'], { env }).status === 0) return env;
  const folder = mkdtempSync(path.join(tmpdir(), 'sealtrail-cosign-'));
  const program = path.join(folder, 'cosign');
  writeFileSync(
    program,
    `#!/bin/sh\nexec '${process.execPath}' '${path.join(import.meta.dirname, 'cosign.mjs')}' "$@"\n`,
  );
  chmodSync(program, 0o755);
  return { ...env, PATH: `${folder}${path.delimiter}${env.PATH}` };
}
