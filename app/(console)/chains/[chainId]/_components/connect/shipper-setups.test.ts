import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { SHIPPER_SETUPS } from './shipper-setups';

const DOCS = readFileSync(new URL('../../../../../../docs/shippers.md', import.meta.url), 'utf8');
const PLACE = { url: 'https://sealtrail.example', chain: 'pipeline', token: 'st_YOUR_TOKEN' };
const ODD = { url: 'https://sealtrail.example:8443', chain: `o'dd "name": #1 / %2F\\`, token: 'st_x' };

it.each(SHIPPER_SETUPS)('the documentation says of $name what the Connect tab says', ({ name, text }) => {
  expect(DOCS).toContain(`## ${name}\n`);
  expect(DOCS).toContain(`\n${text(PLACE)}\n\`\`\``);
});

it.each(SHIPPER_SETUPS.filter(({ file }) => file?.endsWith('.yaml')))(
  '$file is YAML, whatever the chain is called',
  ({ text }) => {
    const strings: unknown[] = [];
    parse(text(ODD), (_key, value: unknown) => strings.push(value) && value);
    expect(strings).toContainEqual(expect.stringMatching(/^(Basic|Bearer|Authorization Bearer )?.*st_x$/));
    expect(
      strings.some((value) => value === ODD.chain || value === `/api/v1/ingest/${encodeURIComponent(ODD.chain)}`),
    ).toBe(true);
  },
);
