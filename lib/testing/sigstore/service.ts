import { type IncomingMessage, type Server, createServer } from 'node:http';

export type Answer = { status: number; body: string | Uint8Array; type?: string; location?: string };
type Request = {
  method: string;
  path: string;
  /** With its question mark. */
  query: string;
  authorization: string;
  body: Buffer;
};
/** Null for a path it does not know. */
export type Respond = (request: Request) => Promise<Answer | null> | Answer | null;

/** One service on loopback. */
export type Service = {
  url: string;
  /** Put between the service and who asks: to break its answers. */
  answer: (answer: Answer) => Answer;
  /** Requests so far, as `METHOD path`. */
  seen: string[];
  close: () => Promise<void>;
};

/** `respond` is made once the address is known, as logs sign it. */
export async function serve(port: number, make: (url: string) => Promise<Respond> | Respond): Promise<Service> {
  const state: { respond: Respond } = { respond: () => null };
  const service: Service = { url: '', answer: (answer) => answer, seen: [], close: () => closed(server) };
  const server = createServer((incoming, outgoing) => {
    void respondTo(incoming).then(
      ({ status, body, type = 'application/json', location }) =>
        outgoing.writeHead(status, { 'Content-Type': type, ...(location && { Location: location }) }).end(body),
      (error: unknown) => outgoing.writeHead(500).end(String(error)),
    );
  });
  const respondTo = async (incoming: IncomingMessage): Promise<Answer> => {
    const { pathname: path, search: query } = new URL(incoming.url ?? '/', service.url);
    const method = incoming.method ?? 'GET';
    service.seen.push(`${method} ${path}`);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer); // a stream without encoding yields Buffers
    const answer = await state.respond({
      method,
      path,
      query,
      authorization: incoming.headers.authorization ?? '',
      body: Buffer.concat(chunks),
    });
    return service.answer(answer ?? { status: 404, body: JSON.stringify({ message: 'not found' }) });
  };
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the service listens nowhere');
  service.url = `http://127.0.0.1:${address.port}`;
  state.respond = await make(service.url);
  return service;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
