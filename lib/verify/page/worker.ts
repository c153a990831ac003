import './node/globals';
import { createBrowserHasher } from '../../crypto/hasher-browser';
import type { Answer, Order } from './messages';
import { createSession } from './session';

// The worker of the page: everything is read and checked here, nothing is sent anywhere.
const session = createBrowserHasher().then((hasher) =>
  createSession({ hasher, now: () => performance.now(), answer: (answer) => postMessage(answer satisfies Answer) }),
);

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  session
    .then((ready) => ready.order(data))
    .catch((error: unknown) => postMessage({ kind: 'failed', message: String(error) } satisfies Answer));
});
