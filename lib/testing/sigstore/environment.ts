import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { statementPayload } from '../../core/statements/dsse';
import { readEnv } from '../../config/env';

const spec = readFileSync(new URL('../../core/statements/predicates/audit-chain-segment.md', import.meta.url), 'utf8');
/** The example of the predicate's specification, ready to sign. */
export const EXAMPLE_PAYLOAD = Buffer.from(
  statementPayload(JSON.parse(/## Example\s+```json\n([\s\S]*?)```/.exec(spec)?.[1] ?? '{}')),
);

/** A data directory of its own, and an environment as the process would read it. */
export async function signingFolder() {
  const dir = await mkdtemp(path.join(tmpdir(), 'sealtrail-signing-'));
  return {
    dir,
    /** Writes JSON or text, and says where. */
    async file(name: string, content: unknown): Promise<string> {
      const file = path.join(dir, name);
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    /** @throws Error naming every variable that is wrong. */
    env: (variables: Record<string, string> = {}) =>
      readEnv({
        NODE_ENV: 'test',
        DATABASE_URL: 'postgres://x',
        CLICKHOUSE_URL: 'http://x',
        EVIDENCE_URL: 'file:///x',
        SEALTRAIL_URL: 'http://x',
        SEALTRAIL_SECRET: 'x'.repeat(32),
        SEALTRAIL_DATA_DIR: dir,
        ...variables,
      }),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
