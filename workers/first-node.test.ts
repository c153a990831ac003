import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** The Node that `npm test` was begun with, which may be as old as 20; tests run on the pinned one. */
const FIRST_NODE = process.env['SEALTRAIL_TEST_NODE'] ?? process.execPath;

it('the command begins on whatever Node it is called with, and goes on on the pinned one', async () => {
  const { stdout } = await promisify(execFile)(FIRST_NODE, [
    path.join(import.meta.dirname, 'sealtrail.mjs'),
    'formats',
  ]);
  expect(stdout).toContain('Occasio');
});
