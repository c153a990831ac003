import { type Document, LineCounter, isNode, parseAllDocuments } from 'yaml';
import { AppError } from '../errors';

type Path = readonly PropertyKey[];
/** One document of a rule file; `refuse` throws with the file, the line and the path. */
export type RuleDocument = { value: unknown; refuse: (path: Path, message: string) => never };

/** Reads multi-document YAML 1.2. @throws AppError BAD_REQUEST for what is no YAML, duplicate keys included. */
export function readDocuments(yamlText: string, fileName: string): RuleDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(yamlText, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
    prettyErrors: false,
  });
  const refuseAt = (line: number, path: Path, message: string): never => {
    const where = path.map(String).join('.');
    throw new AppError('BAD_REQUEST', `${fileName}:${line}: ${where ? `${where}: ` : ''}${message}`, {
      file: fileName,
      line,
      path: where,
    });
  };
  if ('empty' in documents) return refuseAt(1, [], 'holds no rule');
  return documents.map((document) => {
    const [error] = document.errors;
    if (error) refuseAt(lines.linePos(error.pos[0]).line, [], error.message);
    return {
      value: document.toJS({ maxAliasCount: 100 }),
      refuse: (path, message) => refuseAt(lines.linePos(offsetOf(document, path)).line, path, message),
    };
  });
}

/** Where the value at a path begins; where it is missing, what should hold it. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? document.range[0];
}
