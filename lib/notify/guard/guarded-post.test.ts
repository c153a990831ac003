import { type RequestListener, type Server, createServer } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { addressGuard } from './address-guard';
import { type Resolve, guardedPost } from './guarded-post';

/** What an operator allows; `INSIDE` is another address of this machine, and nobody's to be told. */
const OUTSIDE = '127.0.0.2';
const INSIDE = '127.0.0.1';
const guard = addressGuard([{ address: OUTSIDE, bits: 32, family: 'ipv4' }]);
const SENT = { body: '{}', headers: {} };

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(host: string, port: number, answer: RequestListener): Promise<{ port: number; paths: string[] }> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return { port: address.port, paths };
}

/** Two servers on one port: the one that may be told, and the one that may not. */
async function twoServers(answer: RequestListener) {
  const inside = await listen(INSIDE, 0, (_, response) => response.end('secret'));
  return { port: inside.port, outside: await listen(OUTSIDE, inside.port, answer), inside };
}

/** Answers with one list after another, then with the last. */
function changing(...answers: string[][]): { resolve: Resolve; asked: () => number } {
  let asked = 0;
  return { asked: () => asked, resolve: async () => answers[Math.min(asked++, answers.length - 1)] ?? [] };
}

const post = (url: string, resolve: Resolve, timeoutMs = 5_000) =>
  guardedPost(new URL(url), SENT, { guard, resolve, timeoutMs });

it('a name that leads elsewhere a moment later is asked for once, and the connection goes where it led then', async () => {
  const { port, outside, inside } = await twoServers((_, response) => response.end('ok'));
  const names = changing([OUTSIDE], [INSIDE]);
  expect(await post(`http://rebind.example:${port}/hook`, names.resolve)).toMatchObject({ status: 200, answer: 'ok' });
  expect(names.asked()).toBe(1);
  // By the next message it leads inside: nothing is sent.
  await expect(post(`http://rebind.example:${port}/hook`, names.resolve)).rejects.toThrow(
    '127.0.0.1, which is no public',
  );
  expect([outside.paths, inside.paths]).toEqual([['/hook'], []]);
});

it.each([
  ['one address of several', [OUTSIDE, INSIDE]],
  ['the metadata of a cloud', ['169.254.169.254']],
  ['an IPv4 address in IPv6', ['::ffff:127.0.0.1']],
])('a name that leads to %s is not told', async (_, addresses) => {
  const { port, outside, inside } = await twoServers((__, response) => response.end('ok'));
  await expect(post(`http://a.example:${port}/`, async () => addresses)).rejects.toThrow('no public address');
  expect([outside.paths, inside.paths]).toEqual([[], []]);
});

it.each(['127.1', '2130706433', '0x7f000001', '[::1]', '[::ffff:7f00:1]', '0'])(
  'an address that is written as %s is what it is',
  async (host) => {
    const { port, inside } = await twoServers((_, response) => response.end('ok'));
    await expect(post(`http://${host}:${port}/`, () => Promise.reject(new Error('asked')))).rejects.toThrow(
      'no public',
    );
    expect(inside.paths).toEqual([]);
  },
);

it('a redirect is an answer, and nobody goes where it leads', async () => {
  const { port, outside, inside } = await twoServers((request, response) => {
    const where = request.url === '/1' ? `http://${INSIDE}:${port}/` : `http://${OUTSIDE}:${port}/elsewhere`;
    response.writeHead(307, { location: where }).end();
  });
  const outcomes = await Promise.all([1, 2].map((n) => post(`http://${OUTSIDE}:${port}/${n}`, changing().resolve)));
  expect(outcomes.map(({ status }) => status)).toEqual([307, 307]);
  expect([outside.paths.toSorted(), inside.paths]).toEqual([['/1', '/2'], []]);
});

it('http is only for addresses that are listed, and a password in an address is not used', async () => {
  const resolve = async () => ['93.184.215.14'];
  await expect(post('http://a.example/', resolve)).rejects.toThrow('use https');
  await expect(post('https://ada:secret@a.example/', resolve)).rejects.toThrow('password');
});

it('who does not answer is not waited for, nor is a name that is not answered for', async () => {
  const { port } = await twoServers(() => undefined);
  await expect(post(`http://${OUTSIDE}:${port}/`, changing().resolve, 200)).rejects.toMatchObject({
    code: 'ABORT_ERR',
  });
  await expect(post('http://a.example/', () => new Promise(() => undefined), 200)).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});

it('of an answer without an end the first KiB is kept, and no more is read than is needed to know that', async () => {
  let written = 0;
  const { port } = await twoServers((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384;
    };
    response.on('drain', more);
    more();
  });
  const { status, answer } = await post(`http://${OUTSIDE}:${port}/`, changing().resolve);
  expect([status, answer]).toEqual([200, 'x'.repeat(1024)]);
  expect(written).toBeLessThan(32 * 1024 * 1024);
});
