import { plainOf } from './dropped/plain';
import { recognise } from './dropped/recognise';
import { type Source, counted, fileSource } from './dropped/source';
import { zipEntries } from './dropped/zip';
import type { Item } from './item';
import type { Given } from './messages';
import { failureOf } from './stopped';

/** What was dropped, and what lies in the packages among it. */
export class Items {
  all: Item[] = [];
  #made = 0;
  readonly #gone = new Set<string>();

  /** `onBytes` is called with all that is read of an item, and may throw to end that. */
  constructor(private readonly onBytes: (id: string, sizeBytes: number) => void) {}

  /** Whether it was taken away. */
  isGone(id: string): boolean {
    return this.#gone.has(id);
  }

  /** @throws Stopped; what was read until then stays. */
  async add(given: readonly Given[]): Promise<void> {
    for (const [folder, files] of Map.groupBy(given, (one) => one.folder)) {
      if (folder !== null) await this.#addFolder(folder, files);
      else for (const { file } of files) await this.#addFile(file);
    }
  }

  /** Takes items away; a package with all that lies in it. */
  remove(ids: readonly string[]): void {
    const packages = new Set(
      this.all.flatMap(({ id, what, source }) => (ids.includes(id) && what.kind === 'package' ? [source.name] : [])),
    );
    for (const { id, source } of this.all)
      if (ids.includes(id) || (source.from !== null && packages.has(source.from))) this.#gone.add(id);
    this.all = this.all.filter(({ id }) => !this.#gone.has(id));
  }

  async #addFile(file: File): Promise<void> {
    const source = fileSource(file, this.#nameFor(file.name));
    const item = await this.#read(source);
    this.all.push(...this.#apart(item));
    if (item.what.kind !== 'package') return;
    try {
      for (const entry of await zipEntries(file, source.name)) this.#addWithin(item, await this.#read(entry));
    } catch (error) {
      item.what = { kind: 'unreadable', message: failureOf(error) };
    }
  }

  /** A folder is a package that nobody packed. */
  async #addFolder(folder: string, files: readonly Given[]): Promise<void> {
    const name = this.#nameFor(folder);
    const sizeBytes = files.reduce((sum, { file }) => sum + file.size, 0);
    const source = { ...fileSource(new File([], name)), sizeBytes };
    const item: Item = { ...newItem(this.#nextId(), source), what: { kind: 'package' } };
    this.all.push(item);
    for (const { file, path } of files) this.#addWithin(item, await this.#read(fileSource(file, path, name)));
  }

  /** Adds what lies in a package, unless that was taken away while it was read. */
  #addWithin(parent: Item, item: Item): void {
    if (!this.#gone.has(parent.id)) this.all.push(...this.#apart(item));
  }

  async #read(source: Source): Promise<Item> {
    const id = this.#nextId();
    const item = newItem(
      id,
      counted(source, (sizeBytes) => this.onBytes(id, sizeBytes)),
    );
    try {
      item.plain = await plainOf(item.source);
      item.what = await recognise(item.plain);
    } catch (error) {
      item.what = { kind: 'unreadable', message: failureOf(error) };
    }
    return item;
  }

  /** Several bundles in one file are verified each by itself. */
  #apart(item: Item): Item[] {
    const { what } = item;
    if (what.kind !== 'bundles') return [item];
    return what.jsons.map((json) => ({ ...item, id: this.#nextId(), what: { kind: 'bundle', json } }));
  }

  /** Two files may have one name: those in a package go by that of the package. */
  #nameFor(name: string): string {
    const same = this.all.filter(
      ({ source }) => source.from === null && source.name.replace(/ \(\d+\)$/, '') === name,
    ).length;
    return same === 0 ? name : `${name} (${same + 1})`;
  }

  #nextId(): string {
    this.#made += 1;
    return `${this.#made}`;
  }
}

function newItem(id: string, source: Source): Item {
  return {
    id,
    source,
    plain: null,
    what: { kind: 'other', what: '' },
    sha256: null,
    walk: null,
    ranges: new Set(),
    failure: null,
  };
}
