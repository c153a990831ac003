const PREFIX = 'sealtrail-upload:';

/** Holds, against this browser's other tabs, that a file is being sent here; gives what lets go of it. */
export function holdSender(fingerprint: string): () => void {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  // Absent where the page came over plain HTTP from another machine: there the server keeps two senders apart.
  void globalThis.navigator.locks?.request(`${PREFIX}${fingerprint}`, { mode: 'shared' }, () => held);
  return letGo;
}

/** Fingerprints of the files that any tab is sending. */
export async function senders(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await globalThis.navigator.locks?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
}
