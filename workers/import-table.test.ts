import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';

const ROOT = path.resolve(import.meta.dirname, '..');

/** [importing file, import]: what the import table must refuse. */
const REFUSED = [
  ['lib/core/chain/a.ts', "'@/lib/db/chains'"],
  ['lib/core/chain/a.ts', "'../../schemas/chains'"],
  ['lib/core/a.ts', "'../crypto/hasher'"],
  ['lib/core/a.ts', "'../context'"],
  ['lib/core/a.ts', "'../threads/thread-pool'"],
  ['lib/core/a.ts', "'node:fs'"],
  ['lib/core/a.ts', "'crypto'"],
  ['lib/core/a.ts', "'fs/promises'"],
  ['lib/core/a.ts', "'@/workers/free-port'"],
  ['lib/schemas/a.ts', "'@/lib/db/chains'"],
  ['lib/schemas/a.ts', "'../config/env'"],
  ['lib/db/a.ts', "'../queue/queue'"],
  ['lib/db/migrations/a.ts', "'../../lake/client'"],
  ['lib/db/a.ts', "'@/lib/ingest/upload'"],
  ['lib/core/a.ts', "'../archive/archive'"],
  ['lib/archive/a.ts', "'../db/chains'"],
  ['lib/archive/a.ts', "'../ingest/upload'"],
  ['lib/evidence/a.ts', "'../db/chains'"],
  ['lib/queue/a.ts', "'@/lib/evidence/store'"],
  ['lib/queue/a.ts', "'../lake/client'"],
  ['lib/ingest/a.ts', "'../verify/verify-chain'"],
  ['lib/ingest/a.ts', "'../lake/client'"],
  ['lib/verify/server/a.ts', "'@/lib/lake/load-chain'"],
  ['lib/verify/server/deep/a.ts', "'../../../ingest/upload'"],
  ['lib/verify/server/a.ts', "'../../../workers/jobs/verify'"],
  ['lib/verify/server/a.ts', "'../local/verify-log'"],
  ['lib/verify/server/a.ts', "'../page/session'"],
  ['lib/verify/log/a.ts', "'../server/engine'"],
  ['lib/verify/log/a.ts', "'@/lib/verify/local/verify-log'"],
  ['lib/verify/log/a.ts', "'../page/item'"],
  ['lib/verify/log/a.ts', "'../../crypto/hasher'"],
  ['lib/verify/log/a.ts', "'../../evidence/store'"],
  ['lib/verify/log/a.ts', "'node:fs'"],
  ['lib/verify/local/a.ts', "'../../db/chains'"],
  ['lib/verify/local/a.ts', "'../../context'"],
  ['lib/verify/local/a.ts', "'../server/join-chain'"],
  ['lib/verify/local/a.ts', "'@/lib/evidence/store'"],
  ['lib/verify/local/a.ts', "'../../ingest/upload'"],
  ['lib/verify/local/a.ts', "'@/workers/cli/output'"],
  ['lib/verify/page/a.ts', "'../../db/chains'"],
  ['lib/verify/page/a.ts', "'../../crypto/hasher'"],
  ['lib/verify/page/a.ts', "'../../config/version'"],
  ['lib/verify/local/a.ts', "'../../config/env'"],
  ['lib/verify/page/checks/a.ts', "'../../../archive/decode'"],
  ['lib/verify/page/checks/a.ts', "'node:crypto'"],
  ['lib/verify/page/a.ts', "'@/app/verify/_components/main'"],
  ['lib/backup/a.ts', "'../ingest/upload'"],
  ['lib/backup/a.ts', "'../chains/heads'"],
  ['lib/report-check/a.ts', "'../chains/chains'"],
  ['lib/report-check/a.ts', "'@/workers/cli/output'"],
  ['lib/backup/a.ts', "'@/workers/cli/output'"],
  ['lib/ingest/a.ts', "'../backup/tar'"],
  ['lib/forward/a.ts', "'../ingest/append-records'"],
  ['lib/forward/a.ts', "'../context'"],
  ['lib/forward/a.ts', "'../db/chains'"],
  ['lib/forward/a.ts', "'@/workers/cli/output'"],
  ['lib/lake/a.ts', "'../detect/run-rules'"],
  ['lib/lake/a.ts', "'../evidence/store'"],
  ['lib/detect/a.ts', "'../lake/load-chain'"],
  ['lib/detect/a.ts', "'@/lib/evidence/store'"],
  ['lib/attest/signers/a.ts', "'../../reports/csv'"],
  ['lib/attest/signers/a.ts', "'../../lake/schema'"],
  ['lib/package/a.ts', "'../verify/join-chain'"],
  ['lib/package/a.ts', "'../lake/load-chain'"],
  ['lib/attest/a.ts', "'../package/packages'"],
  ['lib/core/a.ts', "'../package/packages'"],
  ['lib/chains/a.ts', "'@/lib/lake/load-chain'"],
  ['lib/ops/a.ts', "'@/lib/lake/client'"],
  ['lib/reports/a.ts', "'../compose'"],
  ['lib/reports/a.ts', "'@/app/_server/handler'"],
  ['lib/access/a.ts', "'../lake/client'"],
  ['lib/access/a.ts', "'../ingest/upload'"],
  ['lib/audit/a.ts', "'../ingest/upload'"],
  ['lib/db/a.ts', "'../audit/append'"],
  ['lib/db/a.ts', "'../access/actor'"],
  ['lib/core/a.ts', "'../access/actor'"],
  ['app/api/v1/chains/route.ts', "'@/lib/audit/append'"],
  ['lib/fsck/a.ts', "'../chains/chains'"],
  ['lib/fsck/a.ts', "'../queue/queue'"],
  ['app/api/v1/chains/route.ts', "'@/lib/db/chains'"],
  ['app/api/v1/chains/route.ts', "'../../../../lib/lake/client'"],
  ['app/(console)/chains/page.tsx', "'@/lib/evidence/store'"],
  ['app/(console)/chains/page.tsx', "'@/lib/queue/queue'"],
  ['app/(console)/chains/page.tsx', "'@/workers/free-port'"],
  ['app/_server/handler.ts', "'@/lib/db/chains'"],
  ['app/_components/ribbon/a.tsx', "'@/lib/chains/chains'"],
  ['app/_components/ribbon/a.tsx', "'../../../lib/context'"],
  ['app/_components/ribbon/a.tsx', "'@/lib/core/chain/check'"],
  ['app/_components/ribbon/a.tsx', "'@/app/_server/page'"],
  ['app/(console)/chains/_components/a.tsx', "'@/lib/chains/chains'"],
  ['e2e/a.ts', "'@/lib/ingest/upload'"],
  ['e2e/a.ts', "'../workers/free-port'"],
] as const;

const ALLOWED = [
  ['lib/core/chain/a.ts', "'../errors'"],
  ['lib/core/chain/a.ts', "'@/lib/core/formats/index'"],
  ['lib/core/statements/a.ts', "'./verify-bundle'"],
  ['lib/core/a.ts', "'zod'"],
  ['lib/core/a.test.ts', "'@/lib/testing/fixtures'"],
  ['lib/core/a.test.ts', "'node:fs'"],
  ['lib/schemas/a.ts', "'../core/chain/verdict'"],
  ['lib/db/a.ts', "'../core/errors'"],
  ['lib/db/a.ts', "'@/lib/schemas/chains'"],
  ['lib/archive/a.ts', "'../core/errors'"],
  ['lib/archive/a.ts', "'../core/bytes/file-kind'"],
  ['lib/ingest/a.ts', "'../archive/decode'"],
  ['lib/verify/local/a.ts', "'../../archive/archive'"],
  ['lib/evidence/a.ts', "'../core/errors'"],
  ['lib/fsck/a.ts', "'../evidence/store'"],
  ['lib/fsck/a.ts', "'../db/chains'"],
  ['lib/queue/a.ts', "'../db/database'"],
  ['lib/ingest/a.ts', "'../evidence/store'"],
  ['lib/verify/server/a.ts', "'../../evidence/store'"],
  ['lib/verify/server/a.ts', "'./verify-segment'"],
  ['lib/verify/server/a.ts', "'../log/check-log'"],
  ['lib/verify/server/a.ts', "'../../threads/thread-pool'"],
  ['lib/verify/log/a.ts', "'../../core/chain/join'"],
  ['lib/verify/page/a.ts', "'../log/check-log'"],
  ['lib/forward/a.ts', "'../verify/log/head'"],
  ['lib/fsck/a.ts', "'../verify/server/join-chain'"],
  ['lib/verify/local/a.ts', "'../../threads/thread-pool'"],
  ['lib/verify/local/a.ts', "'../../core/chain/join'"],
  ['lib/verify/local/a.ts', "'../../crypto/hasher'"],
  ['lib/verify/local/a.ts', "'../../archive/decode'"],
  ['workers/cli/a.ts', "'@/lib/verify/local/verify-log'"],
  ['lib/verify/page/checks/a.ts', "'../../../core/formats'"],
  ['lib/verify/page/a.ts', "'../../crypto/hasher-browser'"],
  ['lib/verify/page/checks/a.ts', "'../outcome'"],
  ['app/verify/_components/a.tsx', "'@/lib/verify/page/outcome'"],
  ['lib/forward/a.ts', "'../core/formats'"],
  ['lib/forward/a.ts', "'../crypto/hasher'"],
  ['lib/forward/a.ts', "'node:fs'"],
  ['lib/ingest/a.ts', "'../access/actor'"],
  ['lib/ingest/a.ts', "'../audit/append'"],
  ['lib/ops/a.ts', "'../audit/append'"],
  ['lib/audit/a.ts', "'../db/database'"],
  ['lib/lake/a.ts', "'./client'"],
  ['lib/detect/a.ts', "'../lake/query/run-rule'"],
  ['lib/attest/signers/a.ts', "'../../lake/query/of-chain'"],
  ['lib/attest/a.ts', "'@sigstore/verify'"],
  ['lib/reports/a.ts', "'../chains/chain-rows'"],
  ['lib/reports/a.ts', "'@/lib/lake/query/page'"],
  ['lib/reports/a.ts', "'../context'"],
  ['lib/compose.ts', "'./lake/client'"],
  ['app/api/v1/chains/route.ts', "'@/app/_server/handler'"],
  ['app/api/v1/chains/route.ts', "'@/lib/chains/chains'"],
  ['app/(console)/chains/page.tsx', "'@/app/_components/ribbon/ribbon'"],
  ['app/_components/ribbon/a.tsx', "'@/lib/schemas/chains'"],
  ['app/_components/ribbon/a.tsx', "'@/lib/core/chain/verdict'"],
  ['app/_components/ribbon/a.tsx', "'../api/client'"],
  ['workers/jobs/a.ts', "'@/lib/verify/server/verify-chain'"],
  ['workers/a.ts', "'@/lib/db/chains'"],
  ['e2e/a.ts', "'@playwright/test'"],
] as const;

const Report = z.object({
  diagnostics: z.array(
    z.object({ code: z.string(), filename: z.string(), message: z.string(), help: z.string().optional() }),
  ),
});
const dir = mkdtempSync(path.join(tmpdir(), 'sealtrail-import-table-'));
const refusedFiles = new Set<string>();

beforeAll(() => {
  for (const file of ['.oxlintrc.json', 'lib/testing/lint/house-rules.mjs'])
    cpSync(path.join(ROOT, file), path.join(dir, file));
  for (const [index, [file, target]] of [...REFUSED, ...ALLOWED].entries())
    write(index, file, `import x from ${target};\nexport { x };\n`);
  write(
    1000,
    'app/_components/ribbon/types.tsx',
    "import type { Check } from '@/lib/core/chain/check';\nexport type { Check };\n",
  );
  write(1001, 'lib/verify/server/again.ts', "export * from '../../lake/load-chain';\n");
  const ran = spawnSync(path.join(ROOT, 'node_modules/.bin/oxlint'), ['-f', 'json', '.'], {
    cwd: dir,
    encoding: 'utf8',
  });
  for (const { code, filename } of Report.parse(JSON.parse(ran.stdout)).diagnostics)
    if (code.includes('no-restricted-imports')) refusedFiles.add(path.normalize(filename));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Each case in a file of its own: the case's number goes before the name. */
function nameOf(index: number, file: string): string {
  return path.join(path.dirname(file), `case-${index}-${path.basename(file)}`);
}

function write(index: number, file: string, content: string): void {
  const target = path.join(dir, nameOf(index, file));
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
}

it.each(REFUSED.map(([file, target], index) => ({ file, target, index })))(
  '$file may not import $target',
  ({ file, index }) => {
    expect(refusedFiles).toContain(nameOf(index, file));
  },
);

it.each(ALLOWED.map(([file, target], index) => ({ file, target, index: index + REFUSED.length })))(
  '$file may import $target',
  ({ file, index }) => {
    expect(refusedFiles).not.toContain(nameOf(index, file));
  },
);

it('lets components take types from core, and refuses a re-export as it refuses an import', () => {
  expect(refusedFiles).not.toContain(nameOf(1000, 'app/_components/ribbon/types.tsx'));
  expect(refusedFiles).toContain(nameOf(1001, 'lib/verify/server/again.ts'));
});
