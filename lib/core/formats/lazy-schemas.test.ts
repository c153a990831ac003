import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const FORMATS = 'lib/core/formats';
/** What is loaded with the formats. */
const WITH_THEM = ['lib/core/statements/statement.ts', 'lib/core/statements/predicates/agent-attestation.ts'];

it('a schema is built when something is first read by it: whatever names a format loads them all', () => {
  const files = readdirSync(path.join(ROOT, FORMATS), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => `${FORMATS}/${file}`);
  const built = [...files, ...WITH_THEM].flatMap((file) => {
    const schemas = readFileSync(path.join(ROOT, file), 'utf8').matchAll(
      /^(?:export )?const (\w+) = z\b(?!\.lazy\()/gm,
    );
    return [...schemas].map(([, name]) => `${file}: ${name}`);
  });
  expect(built).toEqual([]);
});
