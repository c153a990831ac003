import 'server-only';
import type { Context } from '../context';
import { putObject } from '../evidence/store';
import type { PackageEntry } from '../schemas/packages';

/** Gathers the files of a package: bytes that are evidence already by their digest, all others made evidence as they come. */
export type PackageFiles = {
  /** An object of the evidence store, read back before it is taken in. A path is taken once. @throws AppError EVIDENCE_MISSING, EVIDENCE_ALTERED. */
  known(path: string, digest: string, sizeBytes: number): Promise<void>;
  add(path: string, content: string | Uint8Array): Promise<PackageEntry>;
  /** Content of any length, held nowhere whole. */
  stream(path: string, content: AsyncIterable<Uint8Array | string>): Promise<void>;
  has(path: string): boolean;
  /** By path, which is the order of the manifest. */
  entries(): PackageEntry[];
};

export function createPackageFiles({ evidence }: Context): PackageFiles {
  const byPath = new Map<string, PackageEntry>();
  const note = (path: string, digest: string, sizeBytes: number): PackageEntry => {
    const entry = { path, digest, sizeBytes };
    byPath.set(path, entry);
    return entry;
  };
  return {
    async known(path, digest, sizeBytes) {
      for await (const _ of await evidence.read(digest, { sizeBytes })); // to its end, which is where it is proven
      note(path, digest, sizeBytes);
    },
    async add(path, content) {
      const { digest, sizeBytes } = await putObject(
        evidence,
        typeof content === 'string' ? Buffer.from(content) : content,
      );
      return note(path, digest, sizeBytes);
    },
    async stream(path, content) {
      const writer = await evidence.create();
      try {
        for await (const chunk of content) await writer.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
        const { digest, sizeBytes } = await writer.commit();
        note(path, digest, sizeBytes);
      } catch (error) {
        await writer.discard();
        throw error;
      }
    },
    has: (path) => byPath.has(path),
    entries: () => [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** A name as a part of a path in the package. */
export function pathPart(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '_') || '_';
}
