import 'server-only';
import { Readable } from 'node:stream';
import type { Actor } from '../access/actor';
import { VERSION } from '../config/version';
import type { Context } from '../context';
import { AppError } from '../core/errors';
import { toIncidentFinding } from '../core/ocsf/incident-finding';
import type { CaseDetail, CasesFileQuery } from '../schemas/cases';
import { getCase, listCases } from '../triage/cases/cases';
import type { z } from 'zod';
import type { FindingsFile } from './findings-files';

/** Cases listed at a time; one of them is held with its findings. */
const PAGE = 200;

type Query = z.output<typeof CasesFileQuery> & Pick<Actor, 'workspaceId'>;

/** Every case that matches as an Incident Finding of OCSF, one a line; one that is gone by then is left out. */
export async function casesOcsf(ctx: Context, query: Query): Promise<FindingsFile> {
  const { workspaceId } = query;
  const first = await listCases(ctx, { ...query, limit: PAGE });
  async function* lines(): AsyncGenerator<string> {
    for (let page = first; ; page = await listCases(ctx, { ...query, cursor: page.nextCursor, limit: PAGE })) {
      for (const { id: caseId } of page.items) {
        const one = await ifThere(getCase(ctx, { caseId, workspaceId }));
        if (one) yield lineOf(ctx, one);
      }
      if (page.nextCursor === null) return;
    }
  }
  return { rows: first.total ?? first.items.length, stream: Readable.from(lines(), { objectMode: false }) };
}

/** One case as that. */
export function caseOcsf(ctx: Context, one: CaseDetail): Readable {
  return Readable.from([lineOf(ctx, one)], { objectMode: false });
}

function lineOf({ env }: Context, one: CaseDetail): string {
  return `${JSON.stringify(toIncidentFinding(one, { version: VERSION, url: env.workspaceUrl }))}\n`;
}

async function ifThere<T>(wanted: Promise<T>): Promise<T | null> {
  try {
    return await wanted;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
