import { type Document, LineCounter, isMap, isNode, isScalar, parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { AppError } from '../errors';

type Path = readonly PropertyKey[];
/** Where it is: at the key of a path, or so many UTF-16 units into its text. */
export type Place = 'key' | number;
/** One document of a rule file; `refuse` throws with the file, the line, the column and the path. */
export type RuleDocument = { value: unknown; refuse: (path: Path, message: string, place?: Place) => never };

/** Longer files are refused, and files of more documents. */
const MAX_LENGTH = 1_000_000;
const MAX_DOCUMENTS = 500;

/** Reads multi-document YAML 1.2. @throws AppError BAD_REQUEST for what is no YAML, duplicate keys included. */
export function readDocuments(yamlText: string, fileName: string): RuleDocument[] {
  const lines = new LineCounter();
  const refuseAt = (offset: number, path: Path, message: string): never => {
    const { line, col: column } = lines.linePos(offset);
    const where = path.map(String).join('.');
    throw new AppError('BAD_REQUEST', `${fileName}:${line}:${column}: ${where ? `${where}: ` : ''}${message}`, {
      file: fileName,
      line,
      column,
      path: where,
    });
  };
  if (yamlText.length > MAX_LENGTH) {
    lines.addNewLine(0);
    refuseAt(0, [], `is longer than ${MAX_LENGTH} characters`);
  }
  const documents = parseAllDocuments(yamlText, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
    prettyErrors: false,
  });
  if ('empty' in documents) {
    lines.addNewLine(0);
    return refuseAt(0, [], 'holds no rule');
  }
  const beyond = documents[MAX_DOCUMENTS];
  if (beyond) refuseAt(beyond.range[0], [], `holds more than ${MAX_DOCUMENTS} documents`);
  return documents.map((document) => {
    const [error] = document.errors;
    if (error) refuseAt(error.pos[0], [], error.message);
    return {
      value: document.toJS({ maxAliasCount: 100 }),
      refuse: (path, message, place = 0) => refuseAt(offsetOf(document, path, place), path, message),
    };
  });
}

/** Where the value at a path begins, or its key, or a place within a text on one line; where it is missing, what should hold it. */
function offsetOf(document: Document.Parsed, path: Path, place: Place): number {
  if (place === 'key') {
    const map = document.getIn(path.slice(0, -1), true);
    const pair = isMap(map) && map.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (!isNode(node) || !node.range) continue;
    const [from, to] = node.range;
    if (depth < path.length || !isScalar(node) || place === 'key' || place === 0) return from;
    if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return from;
    return Math.min(from + place + (node.type === 'PLAIN' ? 0 : 1), Math.max(from, to - 1));
  }
  return document.contents?.range?.[0] ?? document.range[0];
}

/** What a document holds, as a schema takes it; refuses it at the first place that the schema does not take. */
export function checked<T extends z.ZodType>(schema: T, { value, refuse }: RuleDocument): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys')
    return refuse([...issue.path, issue.keys[0] ?? ''], 'is not supported here', 'key');
  return refuse(issue?.path ?? [], issue?.message ?? 'is no Sigma rule');
}
