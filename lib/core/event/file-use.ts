import { CRUD, crudOf } from '../ocsf/classes';

/** What was done with a file. */
export type FileUse = 'read' | 'written' | 'other';

/** What a record says was done with the file it names: by what the writer says it was opened for, else by the name of the tool. */
export function fileUses({ tool, kind, access }: { tool: string; kind: string; access: string }): FileUse[] {
  const opened = access.toLowerCase();
  const stated: FileUse[] = [
    ...(opened.includes('read') ? (['read'] as const) : []),
    ...(opened.includes('write') ? (['written'] as const) : []),
  ];
  if (stated.length > 0) return stated;
  const activity = crudOf(tool || kind);
  if (activity === CRUD.read) return ['read'];
  return activity === CRUD.create || activity === CRUD.update || activity === CRUD.delete ? ['written'] : ['other'];
}
