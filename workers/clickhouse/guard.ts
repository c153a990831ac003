import { EngineError } from './engine-error';

/** Table functions that read nothing but what they are given or what lies in the lake. All others the engine has lead out of it. */
const WITHIN = new Set([
  'numbers',
  'numbers_mt',
  'zeros',
  'zeros_mt',
  'values',
  'generate_series',
  'generateseries',
  'generaterandom',
  'null',
  'view',
  'format',
  'merge',
  'primes',
]);
/** Ordinary functions that lead out of it. */
const LEADING_OUT = [
  'file',
  'catboostevaluate',
  'demangle',
  'addresstoline',
  'addresstosymbol',
  'addresstolinewithinlines',
];
/** Statements of the operator of a server, and those that make more than tables. What is no statement at all the engine itself refuses. */
const REFUSED_STATEMENT =
  /^(?:system|backup|restore|attach|detach|grant|revoke|execute|move|undrop|exchange|watch|begin|commit|rollback|(?:create|alter|drop|rename)(?!\s+(?:or\s+replace\s+)?(?:temporary\s+|materialized\s+)?(?:table|database|view)\b))\b/i;
/** Where tables may be kept. */
const ENGINE = /\bengine\s*=?\s*(\w+)/gi;
const KEPT_IN = /^(?:\w*mergetree|merge|memory|null|view|materializedview|atomic|ordinary|log|tinylog|stripelog)$/i;

export type Guard = (sql: string) => void;

/**
 * Refuses statements that would read or write anything outside the lake: files, addresses, other databases, programs. `tableFunctions` are the names the
 * engine has. The lake is asked by one application with statements of its own, so what is not known to stay inside is refused. @throws EngineError ACCESS_DENIED.
 */
export function createGuard(tableFunctions: readonly string[]): Guard {
  const refused = new Set([
    ...tableFunctions.map((name) => name.toLowerCase()).filter((name) => !WITHIN.has(name)),
    ...LEADING_OUT,
  ]);
  return (sql) => {
    const bare = withoutLiterals(sql);
    const first = bare.replace(/^[\s(]+/, '');
    if (REFUSED_STATEMENT.test(first)) throw denied(`a statement that begins with "${first.slice(0, 30)}"`);
    for (const [, name = ''] of bare.matchAll(/([A-Za-z_]\w*)\s*\(/g))
      if (refused.has(name.toLowerCase())) throw denied(`${name}()`);
    if (/\binto\s+outfile\b/i.test(bare)) throw denied('INTO OUTFILE');
    if (/\bfrom\s+infile\b/i.test(bare)) throw denied('FROM INFILE');
    for (const [, engine = ''] of /^\s*(?:create|alter)\b/i.test(first) ? bare.matchAll(ENGINE) : [])
      if (!KEPT_IN.test(engine)) throw denied(`the engine ${engine}`);
  };
}

/** The statement with comments and texts as blanks, and names in quotes as names. */
function withoutLiterals(sql: string): string {
  return sql.replace(
    /'(?:[^'\\]|\\[\s\S]|'')*'|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/|`((?:[^`\\]|\\[\s\S]|``)*)`|"((?:[^"\\]|\\[\s\S]|"")*)"/g,
    (_, ticked: string | undefined, quoted: string | undefined) => {
      const name = ticked ?? quoted;
      return name === undefined || !/^\w+$/.test(name) ? ' ' : name;
    },
  );
}

function denied(what: string): EngineError {
  return new EngineError(497, 'ACCESS_DENIED', `Not enough privileges: ${what} leads out of the lake and is off.`);
}
