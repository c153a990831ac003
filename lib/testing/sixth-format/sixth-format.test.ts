import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';

// Modules of their own: who was read before knows five formats, and so does who is read after.
vi.resetModules();
await import('./list');
const { FORMATS, recogniseFormat } = await import('../../core/formats');
const { FORMAT_LABEL, SIDECAR_FILES, VERIFIER_NAME } = await import('../../schemas/formats');
const { FormatId } = await import('../../schemas/common');
const { createHasher } = await import('../../crypto/hasher');
const { formatContract } = await import('../format-contract');
const { sixth } = await import('./format');

const hasher = await createHasher();

afterAll(() => void vi.resetModules());

describe('a format that is a folder with no more than it must have', () => {
  formatContract(sixth, hasher, path.join(import.meta.dirname, 'fixtures'));
});

it('is known everywhere once it is listed', () => {
  expect(FORMATS.map(({ id }) => id)).toContain('sixth');
  expect(FormatId.safeParse('sixth').success).toBe(true);
  expect(recogniseFormat([Buffer.from('{"n":1,"who":"a","did":"b"}')])).toBe('sixth');
  expect({
    label: Object.entries(FORMAT_LABEL).at(-1),
    files: Object.entries(SIDECAR_FILES).at(-1),
    verifier: Object.entries(VERIFIER_NAME).at(-1),
  }).toEqual({ label: ['sixth', 'Sixth'], files: ['sixth', null], verifier: ['sixth', null] });
});
