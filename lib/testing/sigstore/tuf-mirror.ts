import { tufHandlers } from '@tufjs/repo-mock/dist/handler.js';
import { initializeTUFRepo } from '@tufjs/repo-mock/dist/repo.js';
import type { Respond } from './service';

/** A TUF repository that gives these targets; `root` is what its users begin with. */
export function tufMirror(targets: { name: string; content: string }[]): { root: string; respond: Respond } {
  const repository = initializeTUFRepo(targets.map(({ name, content }) => ({ name, content: Buffer.from(content) })));
  const handlers = tufHandlers(repository, { metadataPathPrefix: '', targetPathPrefix: '/targets' });
  return {
    root: JSON.stringify(repository.rootMeta.toJSON()),
    respond: ({ path }) => {
      // Targets are asked for under the hash of their content (TUF section 5.7.3).
      const handler = handlers.find(
        (one) => one.path === path || one.path === path.replace(/\/targets\/[0-9a-f]{64,128}\./, '/targets/'),
      );
      if (!handler) return null;
      const { statusCode, response, contentType } = handler.fn();
      return { status: statusCode, body: Buffer.from(response), type: contentType };
    },
  };
}
