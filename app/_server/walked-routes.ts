import { globSync } from 'node:fs';
import path from 'node:path';
import { type Operation, operationsOf } from './declaration';

const ROOT = path.resolve(import.meta.dirname, '../..');
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

type Handler = (request: Request, segment: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;
type Walked = { file: string; method: string; handler: Handler; operations: readonly Operation[] | null };
/** What a route does at one address; `at` is a template of OpenAPI. */
export type WalkedOperation = Operation & { what: string; at: string; file: string; method: string; handler: Handler };

/** Every function of every route, whether it declares anything or not. */
export async function walkRoutes(): Promise<Walked[]> {
  const found: Walked[] = [];
  for (const file of globSync('app/**/route.ts', { cwd: ROOT }).toSorted()) {
    const module = (await import(path.join(ROOT, file))) as Record<string, unknown>; // checked below
    for (const method of METHODS) {
      const handler = module[method];
      if (typeof handler === 'function')
        found.push({ file, method, handler: handler as Handler, operations: operationsOf(handler) }); // what a route exports by a method's name
    }
  }
  return found;
}

export function operationsIn(routes: readonly Walked[]): WalkedOperation[] {
  return routes.flatMap(({ file, method, handler, operations }) =>
    (operations ?? []).map((operation) => {
      const at =
        operation.path ??
        file
          .replace(/^app/, '')
          .replace(/\/route\.ts$/, '')
          .replaceAll(/\/\(\w+\)/g, '')
          .replaceAll(/\[{1,2}(?:\.\.\.)?(\w+)\]{1,2}/g, '{$1}');
      return { ...operation, what: `${method} ${at}`, at, file, method, handler };
    }),
  );
}

/** Where an operation is asked for, with the parameters Next would give: `valueOf` says what stands for each. */
export function addressOf(
  { at, file }: WalkedOperation,
  valueOf: (name: string) => string,
): { address: string; params: Record<string, string | string[]> } {
  const address = at.replaceAll(/\{(\w+)\}/g, (_, name: string) => valueOf(name));
  const folder = file.replace(/^app/, '').replace(/\/route\.ts$/, '');
  const rest = address.split('/').slice(folder.split('/').findIndex((part) => part.startsWith('[')));
  const params = Object.fromEntries(
    Array.from(folder.matchAll(/\[{1,2}(\.\.\.)?(\w+)\]{1,2}/g), ([, dots, name = '']) => [
      name,
      dots ? rest.filter(Boolean) : valueOf(name),
    ]),
  );
  if (file.startsWith('app/elastic/')) params['path'] = at.replace('/elastic', '').split('/').filter(Boolean);
  return { address, params };
}
