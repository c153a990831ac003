import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../../context';
import { perContextOnceMade } from '../../per-context';
import { type Framework, FrameworkId } from '../../schemas/controls';
import { parseFramework } from './parse-framework';

/** Every framework there is a file of, in their order; read once in a process. */
export const frameworks = perContextOnceMade('frameworks', (ctx: Context): Promise<Framework[]> => {
  const directory = path.join(ctx.env.rootDir, 'lib/reports/controls/frameworks');
  return Promise.all(
    FrameworkId.options.map(async (id) =>
      parseFramework(await readFile(path.join(directory, `${id}.yml`), 'utf8'), `${id}.yml`),
    ),
  );
});
