import { expect, it } from 'vitest';
import { commandsInSource, commandsOf, shellCommands } from './collect';

const texts = (markdown: string) =>
  commandsOf('x.md', markdown).map(({ line, language, text }) => [line, language, text]);

it('takes a shell block apart, with the line of each command and without comments', () => {
  expect(
    texts('# x\n\n```sh\n# first\nnpm start     # installs "all"\n\ncurl -d \'# none\' \\\n  http://x/#y\nT=a\n```\n'),
  ).toEqual([
    [5, 'sh', 'npm start'],
    [7, 'sh', "curl -d '# none' \\\n  http://x/#y"],
    [9, 'sh', 'T=a'],
  ]);
});

it('keeps quotes over lines, here-documents and several fences apart', () => {
  expect(shellCommands("echo 'a\n# b'\ncat <<'EOF' > x\n# kept\nEOF\nls").map(({ text }) => text)).toEqual([
    "echo 'a\n# b'",
    "cat <<'EOF' > x\n# kept\nEOF",
    'ls',
  ]);
  expect(shellCommands('ls \\').map(({ text }) => text)).toEqual(['ls \\']);
  expect(texts('````md\n```sh\nls\n```\n````\n~~~\nout\n~~~\n```toml\na = 1\n')).toEqual([
    [2, 'md', '```sh\nls\n```'],
    [7, 'text', 'out'],
    [10, 'toml', 'a = 1\n'],
  ]);
});

it('finds commands inside sentences, and no names of programs, routes or files', () => {
  expect(
    texts(
      'Run `npm start`, `X_Y=1 npm start` or `curl -f $URL`; `npm`, `curl`, `POST /x`, `docs/npm start.md` and `sealtrail-verify.mjs` are names.',
    ),
  ).toEqual([
    [1, 'inline', 'npm start'],
    [1, 'inline', 'X_Y=1 npm start'],
    [1, 'inline', 'curl -f $URL'],
  ]);
});

it('finds what the product prints, whether in a text, a page or a template, and not what its comments say', () => {
  const source = [
    '/* npm start */ // npm test',
    "throw new Error('run `npm ci`, or go on');",
    '<code>node workers/sealtrail.mjs token create</code> and more',
    '<Command>{`curl -T ${file} \\\\\\n  ${url}`}</Command>',
    "const words = 'curl and npm are programs';",
    'say(`convert it with iconv -f ${encoding} -t UTF-8`);',
  ].join('\n');
  expect(commandsInSource('x.ts', source).map(({ line, text }) => [line, text])).toEqual([
    [2, 'npm ci'],
    [3, 'node workers/sealtrail.mjs token create'],
    [4, 'curl -T ${file} \\\\\\n  ${url}'],
    [6, 'iconv -f ${encoding} -t UTF-8'],
  ]);
});
