/** Scanners, as base64, by `scannerName`: the build writes them, which takes a process as long as to read some thousand records. Empty where nothing was built. */
export const WRITTEN: Readonly<Partial<Record<string, string>>> = {};
