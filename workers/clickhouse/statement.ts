/** What the server must know of a statement to run it; the engine itself does all parsing. */
export type Statement =
  | { readonly kind: 'stream'; readonly format: string }
  | {
      readonly kind: 'insert';
      readonly table: string;
      readonly columns: string[] | undefined;
      readonly format: LineFormat;
    }
  /** `statement` without its format, which is in the body and is no text. */
  | { readonly kind: 'insert-native'; readonly statement: string }
  | { readonly kind: 'whole'; readonly insertsBody: boolean };

type LineFormat = 'JSONEachRow' | 'JSONCompactEachRow' | 'TabSeparated';

/**
 * `stream` = a SELECT in a format whose output is a plain concatenation of rows; other formats would repeat their
 * head and foot with every block and so are answered whole. `insert` = rows in the body, cut at line ends; of `insert-native` the body is one block or several.
 */
export function readStatement(sql: string, defaultFormat: string): Statement {
  const bare = withoutLeadingNoise(sql);
  if (/^(select|with)\b/i.test(bare) && !/\binto\s+outfile\b/i.test(bare)) {
    const format = requestedFormat(bare) ?? defaultFormat;
    return ROW_FORMATS.has(format.toLowerCase()) ? { kind: 'stream', format } : { kind: 'whole', insertsBody: false };
  }
  if (!/^insert\b/i.test(bare)) return { kind: 'whole', insertsBody: false };
  const native = /^(?<statement>[\s\S]*[\s)])format\s+native$/i.exec(bare)?.groups?.['statement'];
  if (native) return { kind: 'insert-native', statement: native.trimEnd() };
  const insert = INSERT_FROM_BODY.exec(bare);
  const format = LINE_FORMATS.get(insert?.groups?.['format']?.toLowerCase() ?? '');
  const table = insert?.groups?.['table'];
  if (!format || !table) return { kind: 'whole', insertsBody: true };
  const columns = insert?.groups?.['columns']?.split(',').map((column) => column.replace(/[\s`"]/g, ''));
  return { kind: 'insert', table: table.replace(/[`"]/g, ''), columns, format };
}

/** Whether a GET may run it: nothing that writes. */
export function isReadOnly(sql: string): boolean {
  return /^(select|with|show|describe|desc|exists|explain)\b/i.test(withoutLeadingNoise(sql));
}

/** Names inside `{name:Type}` placeholders. Text within literals may be counted too. */
export function placeholders(sql: string): Set<string> {
  return new Set(Array.from(sql.matchAll(/\{\s*([A-Za-z_]\w*)\s*:/g), ([, name]) => name ?? ''));
}

const NAME = String.raw`[A-Za-z0-9_]+|\x60[A-Za-z0-9_]+\x60|"[A-Za-z0-9_]+"`;
const INSERT_FROM_BODY = new RegExp(
  String.raw`^insert\s+into\s+(?:table\s+)?(?<table>(?:(?:${NAME})\.)?(?:${NAME}))\s*(?:\((?<columns>[\w\s,\x60"]+)\))?\s*format\s+(?<format>\w+)\s*$`,
  'i',
);
const LINE_FORMATS: ReadonlyMap<string, LineFormat> = new Map([
  ['jsoneachrow', 'JSONEachRow'],
  ['jsoncompacteachrow', 'JSONCompactEachRow'],
  ['tabseparated', 'TabSeparated'],
  ['tsv', 'TabSeparated'],
]);
const ROW_FORMATS = new Set([
  'jsoneachrow',
  'jsonlines',
  'ndjson',
  'jsonstringseachrow',
  'jsoncompacteachrow',
  'jsoncompactstringseachrow',
  'csv',
  'tabseparated',
  'tsv',
  'tabseparatedraw',
  'tsvraw',
  'lineasstring',
  'rowbinary',
  'rawblob',
]);

function requestedFormat(sql: string): string | undefined {
  return /\bformat\s+(\w+)\s*(?:settings\b[^']*)?;?\s*$/i.exec(sql)?.[1];
}

function withoutLeadingNoise(sql: string): string {
  return sql
    .replace(/^(?:\s+|\(|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '')
    .trimEnd()
    .replace(/;$/, '');
}
