/** Something a person is told to run, or to put into a configuration. */
export type PrintedCommand = {
  /** Path from the root of the repository. */
  file: string;
  /** 1-based, of its first line. */
  line: number;
  /** Of its block, `text` where none is stated; `inline` for a command inside a sentence. */
  language: string;
  text: string;
};

/** What a command inside a sentence begins with, behind variables set for it. A program's bare name is no command. */
const PROGRAMS = [
  'agentfence',
  'cosign',
  'curl',
  'docker',
  'iconv',
  'jq',
  'kubectl',
  'node',
  'npm',
  'npx',
  'occasio',
  'openssl',
  'psql',
  'python3',
  'sealtrail',
  'sha256sum',
  'sigstore',
  'ssh-keygen',
  'systemctl',
  'tail',
  'tar',
];
const COMMAND = new RegExp(String.raw`^(?:[A-Z_]+=\S+ )*(?:${PROGRAMS.join('|')}) \S`);
const SHELLS = new Set(['sh', 'bash', 'console', 'shell', 'powershell', 'bat']);

/** Every fenced block of a Markdown file, shell blocks one command each, and every command inside its sentences. */
export function commandsOf(file: string, markdown: string): PrintedCommand[] {
  const found: PrintedCommand[] = [];
  let block: { fence: string; language: string; line: number; text: string[] } | null = null;
  for (const [at, text] of markdown.split('\n').entries()) {
    const fence = /^\s*(`{3,}|~{3,})\s*(\S*)/.exec(text);
    if (block) {
      if (fence?.[1]?.startsWith(block.fence) && !fence[2]) {
        found.push(...ofBlock(file, block));
        block = null;
      } else block.text.push(text);
    } else if (fence?.[1]) block = { fence: fence[1], language: fence[2] || 'text', line: at + 2, text: [] };
    else
      for (const [, code = ''] of text.matchAll(/(?<!`)`([^`]+)`(?!`)/g))
        if (COMMAND.test(code)) found.push({ file, line: at + 1, language: 'inline', text: code });
  }
  return block ? [...found, ...ofBlock(file, block)] : found;
}

function ofBlock(
  file: string,
  { language, line, text }: { language: string; line: number; text: string[] },
): PrintedCommand[] {
  const whole = { file, line, language, text: text.join('\n') };
  return SHELLS.has(language)
    ? shellCommands(whole.text).map((command) => ({ ...whole, ...command, line: line + command.line - 1 }))
    : [whole];
}

/** The commands of a shell script with the line each begins on: quotes, here-documents and continued lines are kept together, comments left out. */
export function shellCommands(script: string): { line: number; text: string }[] {
  const commands: { line: number; text: string }[] = [];
  let lines: string[] = [];
  let begun = 1;
  let quote = '';
  let until: string | null = null;
  for (const [at, line] of script.split('\n').entries()) {
    if (lines.length === 0) begun = at + 1;
    if (until !== null) {
      lines.push(line);
      if (line === until) until = null;
    } else {
      const read = readLine(line, quote);
      quote = read.quote;
      lines.push(read.code);
      until = read.until;
      if (quote !== '' || read.isContinued) continue;
    }
    if (until !== null) continue;
    const text = lines.join('\n').trim();
    if (text !== '') commands.push({ line: begun, text });
    lines = [];
  }
  return lines.some((line) => line.trim() !== '')
    ? [...commands, { line: begun, text: lines.join('\n').trim() }]
    : commands;
}

/** One line without its comment, and what is open at its end: a quote, a here-document, a backslash. */
function readLine(
  line: string,
  open: string,
): { code: string; quote: string; until: string | null; isContinued: boolean } {
  let quote = open;
  let until: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '\\') at += 1;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '#' && /^\s?$/.test(line[at - 1] ?? ''))
      return { code: line.slice(0, at).trimEnd(), quote, until, isContinued: false };
    else if (line.startsWith('<<', at)) until = /^<<-?\s*(['"]?)(\w+)\1/.exec(line.slice(at))?.[2] ?? null;
  }
  return { code: line, quote, until, isContinued: quote === '' && /(^|[^\\])(\\\\)*\\$/.test(line) };
}

/** A command in the source of the product: a page, an error or a help text. */
const IN_SOURCE =
  /(?:\bnode (?:workers\/sealtrail\.mjs|\$\{VERIFIER_PROGRAM\}|\$\{PROGRAM\})|\bnpx [\w@]|\bcurl -|\bcosign [a-z]+-|\bnpm (?:start|run|test|ci|install)\b|\bsha256sum |\bssh-keygen -|\bopenssl [a-z]+ |\biconv -|\bpython3 -|\btar c|\bpsql |\bdocker [a-z]|\bkubectl |\bsystemctl |\bsealtrail (?:verify|inspect|repair|attest|verify-bundle|verify-proof|tail|fsck|token|formats)\b)/;

/** The lines of a TypeScript file, but for its comments, that tell somebody to run something: from the command to the end of its text. */
export function commandsInSource(file: string, source: string): PrintedCommand[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' ')).split('\n');
  return code.flatMap((raw, at) => {
    const line = raw.replace(/(^|\s)\/\/ .*$/, '');
    return [...line.matchAll(new RegExp(IN_SOURCE, 'g'))].map(({ index }) => ({
      file,
      line: at + 1,
      language: 'source',
      text: endOf(line, index),
    }));
  });
}

/** From a place on: to the quote, backtick or tag that ends the text it stands in. */
function endOf(line: string, from: number): string {
  const before = line.slice(0, from);
  const open = /<code[^<>]*>$/.test(before) ? '</code>' : (/(\\`|[`'"])$/.exec(before)?.[1] ?? null);
  const at = open === null ? -1 : line.indexOf(open, from);
  return at < 0 ? line.slice(from).replace(/[`'"]?[)}\];,]*(<\/\w+>)?[,;]?$/, '') : line.slice(from, at);
}
