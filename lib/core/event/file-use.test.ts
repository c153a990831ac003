import { expect, it } from 'vitest';
import { fileUses } from './file-use';

it.each([
  ['read_file', '', ['read']],
  ['Read', '', ['read']],
  ['grep', '', ['read']],
  ['writeFile', '', ['written']],
  ['edit_file', '', ['written']],
  ['filesystem.delete', '', ['written']],
  ['capability', 'ReadWrite', ['read', 'written']],
  ['capability', 'Read', ['read']],
  ['capability', 'Write', ['written']],
  ['mcp__x__y', '', ['other']],
])('%s, opened for %j, is %j', (tool, access, uses) => {
  expect(fileUses({ tool, kind: 'tool_call', access })).toEqual(uses);
});
