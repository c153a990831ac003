import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A declaration at the top level of a file, by `path#name`, with all of its text but comments. */
export type Declaration = {
  id: string;
  text: string;
  isExported: boolean;
  /** Ids of the declarations it names. */
  names: Set<string>;
};

type Module = {
  declarations: Map<string, Declaration>;
  /** Local name to the id of what is imported. */
  imported: Map<string, string>;
  /** Files it imports whole. */
  loaded: string[];
};

const DECLARATION = /^(export )?(?:default )?(?:async )?(?:function\*?|const|let|class) (\w+)/;
const STARTS = /^(?:export |import |type |interface |function|async |const |let |class |\}|\/\*\*)/;

/**
 * What names what, from the texts of the files: a word that is the name of a declaration in reach is taken to name it. More is taken to be
 * named than is called, never less, as long as the code is formatted as it is: declarations begin at the start of a line.
 */
export function callGraph(root: string, patterns: readonly string[]): Map<string, Declaration> {
  const files = patterns
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((file) => !/\.(test|bench)\.tsx?$|\.d\.ts$/.test(file));
  const modules = new Map(files.map((file) => [file, read(root, file)]));
  const graph = new Map<string, Declaration>();
  for (const { declarations, imported, loaded } of modules.values()) {
    const near = new Map(imported);
    for (const file of loaded)
      for (const [name, { id, isExported }] of modules.get(file)?.declarations ?? [])
        if (isExported) near.set(name, id);
    for (const [name, { id }] of declarations) near.set(name, id);
    for (const declaration of declarations.values()) {
      for (const [word] of declaration.text.matchAll(/\b[A-Za-z_]\w*\b/g)) {
        const id = near.get(word);
        if (id && id !== declaration.id) declaration.names.add(id);
      }
      graph.set(declaration.id, declaration);
    }
  }
  return graph;
}

function read(root: string, file: string): Module {
  const text = readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
  const declarations = new Map<string, Declaration>();
  const rest: string[] = [];
  let open: string[] | null = null;
  let at: { name: string; isExported: boolean } | null = null;
  const end = () => {
    if (at && open)
      declarations.set(at.name, {
        id: `${file}#${at.name}`,
        text: open.join('\n'),
        isExported: at.isExported,
        names: new Set(),
      });
    at = null;
    open = null;
  };
  for (const line of text.split('\n')) {
    const begins = DECLARATION.exec(line);
    if (begins) {
      end();
      at = { name: begins[2] ?? '', isExported: begins[1] !== undefined };
      open = [line];
    } else if (STARTS.test(line) && !line.startsWith('}')) {
      end();
      rest.push(line);
    } else (open ?? rest).push(line);
  }
  end();
  // What stands at the top level outside of declarations is a declaration of its own: a process begins there.
  declarations.set('(top)', {
    id: `${file}#(top)`,
    text: rest.filter((line) => !line.startsWith('import ')).join('\n'),
    isExported: false,
    names: new Set(),
  });
  const imported = new Map<string, string>();
  for (const [, names = '', from = ''] of text.matchAll(/^(?:import|export) (?!type )\{([^}]*)\} from '([^']+)'/gm)) {
    const target = resolved(root, file, from);
    if (!target) continue;
    for (const part of names.split(',').map((one) => one.trim())) {
      const [name = '', local = name] = part.split(' as ');
      if (name !== '' && !part.startsWith('type ')) imported.set(local, `${target}#${name}`);
    }
  }
  const loaded = Array.from(
    text.matchAll(/\bimport\('([^']+)'\)|^import \* as \w+ from '([^']+)'/gm),
    ([, at, from = at ?? '']) => resolved(root, file, from),
  ).filter((target) => target !== null);
  return { declarations, imported, loaded };
}

/** The file an import is of; null for a package. */
function resolved(root: string, file: string, from: string): string | null {
  const base = from.startsWith('@/')
    ? from.slice(2)
    : from.startsWith('.')
      ? path.join(path.dirname(file), from)
      : null;
  if (base === null) return null;
  return (
    [`${base}.ts`, `${base}.tsx`, `${base}/index.ts`].find((candidate) => existsSync(path.join(root, candidate))) ??
    null
  );
}
