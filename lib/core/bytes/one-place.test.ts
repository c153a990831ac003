import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const HERE = 'lib/core/bytes/';
const sources = globSync('{app,lib,workers,integrations}/**/*.{ts,tsx,mjs,mts}', {
  cwd: ROOT,
  exclude: (file) => file.includes('node_modules'),
})
  .filter((file) => !/\.(test|bench|contract)\.|lib\/testing\//.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
const own = sources.filter(({ file }) => file.startsWith(HERE));
const others = sources.filter(({ file }) => !file.startsWith(HERE));

/** What may be named in this folder only, and who names it with a reason of its own. */
const NAMED_ONCE: { what: string; pattern: RegExp; but?: RegExp }[] = [
  {
    what: 'a newline among bytes',
    pattern: /\b0x0a\b|ndexOf\((?:10|'\\n')\b|Buffer\.(?:of|from)\((?:10|'\\n')\)|\] === 10\b/i,
    but: /^lib\/core\/wasm\//,
  },
  { what: 'the magic of gzip', pattern: /0x1f\b[^\n]*0x8b\b|\b1f8b\b|\\x1f\\x8b|\\u001f\\u008b/i },
  { what: 'the magic of zstd', pattern: /fd2fb528|28b52ffd|184d2a5|0x28\b[^\n]*0xb5\b|u0028\\u00b5/i },
  { what: 'the magic of ZIP', pattern: /0x0\d0\d4b50|504b0\d0\d|['"`]PK(?:\\|['"`])|x50\b[^\n]*0x4b\b/i },
  // The page packs what is dropped on it: it writes the mark, and reads none.
  { what: 'the mark of tar', pattern: /ustar/, but: /^app\/_components\/upload\/tar\.ts$/ },
  { what: 'the magic of bzip2, xz and snappy', pattern: /BZh|7zXZ|sNaPpY|0x73\b[^\n]*0x4e\b/ },
  // The tools' own verifiers have rules of their own for it.
  {
    what: 'a byte-order mark',
    pattern: /0xef\b[^\n]*0xbb\b|0xf[ef]\b[^\n]*0xf[ef]\b|\\ufeff/i,
    but: /^lib\/core\/formats\/\w+\/reference\.ts$/,
  },
  { what: 'the size of a segment', pattern: /\b48 \* 1024 \* 1024\b|\b64 \* 1024 \*\* 3\b|\b16 \* 1024 \*\* 3\b/ },
];

/** Where text is part of a log, or lies beside one. The first of these needs the number of each line. */
const ROOMS_OF_LOGS = /^lib\/(?:archive|core\/(?:chain|formats|sidecars)|forward|ingest|verify)\/|^workers\/cli\//;
const SPLITS_BY_ITSELF = ['lib/core/formats/nono/ledger.ts'];

describe('limits, newlines, first lines, encodings and kinds of files', () => {
  it('are looked for in every source', () => {
    expect(own.length).toBeGreaterThan(6);
    expect(others.length).toBeGreaterThan(400);
    expect(NAMED_ONCE.filter(({ pattern }) => !own.some(({ text }) => pattern.test(text)))).toEqual([]);
  });

  it.each(NAMED_ONCE)('$what: named nowhere else', ({ pattern, but }) => {
    expect(others.filter(({ file, text }) => !but?.test(file) && pattern.test(text)).map(({ file }) => file)).toEqual(
      [],
    );
  });

  it('have no second definition by the same name', () => {
    const names = own.flatMap(({ text }) =>
      [...text.matchAll(/^export (?:const|function|async function\*?) (\w+)/gm)].map(([, name = '']) => name),
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'MAX_DOCUMENT_BYTES',
        'MAX_LINE_BYTES',
        'firstLines',
        'fileKindOf',
        'foreignEncoding',
        'createLineSplitter',
        'noLog',
      ]),
    );
    const again = new RegExp(
      String.raw`^\s*(?:export )?(?:const|let|function|async function\*?) (${names.join('|')}|MAX_SIDECAR_BYTES|SAMPLE_LINES|HEAD_BYTES)\b`,
      'gm',
    );
    expect(others.flatMap(({ file, text }) => [...text.matchAll(again)].map(([, name]) => `${file}: ${name}`))).toEqual(
      [],
    );
  });

  it('are not found in text by a split of its own', () => {
    const split = /\.split\((?:'\\n'|"\\n"|\/[^/]*\\n[^/]*\/)\)/;
    expect(
      others.filter(({ file, text }) => ROOMS_OF_LOGS.test(file) && split.test(text)).map(({ file }) => file),
    ).toEqual(SPLITS_BY_ITSELF);
  });
});
