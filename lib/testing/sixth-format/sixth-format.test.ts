import './list';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMATS, recogniseFormat } from '../../core/formats';
import { FORMAT_LABEL, SIDECAR_FILES, VERIFIER_NAME } from '../../schemas/formats';
import { FormatId } from '../../schemas/common';
import { createHasher } from '../../crypto/hasher';
import { formatContract } from '../format-contract';
import { sixth } from './format';

const hasher = await createHasher();

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
