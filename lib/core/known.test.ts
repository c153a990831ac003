import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import * as known from './known';

const FILE = path.join(import.meta.dirname, 'known.browser.ts');

it('what browsers are given is what the lists say', async () => {
  if (process.env['SEALTRAIL_WRITE_DOCS']) writeFileSync(FILE, asModule());
  const browser: typeof known = await import('./known.browser');
  expect({ ...browser }).toEqual(JSON.parse(JSON.stringify(known)));
});

function asModule(): string {
  const lists = Object.entries(known).map(([name, list]) => {
    return `export const ${name}: (typeof known)['${name}'] = ${JSON.stringify(list)};`;
  });
  return `// Written from known.ts by its test, as CONTRIBUTING.md says.\nimport type * as known from './known';\n\n${lists.join('\n')}\n`;
}
