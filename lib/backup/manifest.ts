import * as z from 'zod';
import { Sha256 } from '../schemas/common';
import { WorkspaceId } from '../schemas/workspaces';

/** Of the container and of what is in it. Raised when an older release could not restore a file. */
export const FORMAT = 1;
/** Above it the evidence is not damaged but absent, and there is nothing to back up. */
export const MOST_DAMAGED = 10_000;

const Count = z.int().min(0);

/** The first entry: what must be known before anything is done with the others. */
export const Beginning = z.object({
  format: z.literal(FORMAT),
  id: z.uuid(),
  release: z.string(),
  /** When the snapshot of the database was taken. */
  takenAt: z.iso.datetime(),
  /** Migrations of the database, in order. */
  migrations: z.array(z.string()).min(1),
  /** Tables in the order in which they can be filled. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).min(1) })).min(1),
});
export type Beginning = z.infer<typeof Beginning>;

/** The newest checkpoint of the transparency log; `rootHash` is base64, as in the note. */
export const LogHead = z.object({ origin: z.string(), size: Count, rootHash: z.string(), note: z.string() });
export type LogHead = z.infer<typeof LogHead>;

/** The last entry: what the backup holds of a workspace. */
const OfWorkspace = Beginning.omit({ tables: true }).extend({
  /** Entries before the sums, and the SHA-256 of all sums, one after another. */
  entries: Count,
  sumsSha256: Sha256,
  tables: z.array(z.object({ name: z.string(), rows: Count, sizeBytes: Count })),
  objects: z.object({ count: Count, sizeBytes: Count }),
  /** Objects on record whose bytes are gone or altered, which are not in the backup. */
  damaged: z
    .array(z.object({ digest: Sha256, kind: z.enum(['missing', 'altered']), chain: z.string().nullable() }))
    .max(MOST_DAMAGED),
  /** Uploads in parts that are not whole, or not ingested. */
  incoming: Count,
  jobs: Count,
  /** Files of secrets, by name. */
  secrets: z.array(z.string()),
  log: LogHead.nullable(),
  /** Chains, and the SHA-256 of the lines that give the head of each. */
  heads: z.object({ chains: Count, sha256: Sha256 }),
});

/** Of the default workspace, and of every further one: each is an archive of this format within, in pieces. */
export const Manifest = OfWorkspace.extend({
  workspaces: z
    .array(
      z.object({
        id: WorkspaceId,
        /** SHA-256 of its manifest. */
        sha256: Sha256,
        manifest: OfWorkspace.pick({
          objects: true,
          damaged: true,
          tables: true,
          incoming: true,
          heads: true,
          log: true,
        }),
      }),
    )
    .default([]),
});
export type Manifest = z.infer<typeof Manifest>;
