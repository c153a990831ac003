import type { Report } from './outcome';

export type Expected = { subject: string; issuer: string };

/** A file as it was given: by itself, or in a folder, with its path from there. */
export type Given = { file: File; folder: string | null; path: string };

/** From the page to the worker. */
export type Order =
  | { kind: 'add'; files: Given[] }
  | { kind: 'remove'; ids: string[] }
  | { kind: 'expect'; expected: Expected | null }
  | { kind: 'stop' };

/** How far a reading is; `totalBytes` are those of the file as it lies there. */
export type Progress = {
  what: string;
  doneBytes: number;
  totalBytes: number;
  bytesPerSecond: number;
  /** Files given meanwhile, which wait for its end. */
  waiting: number;
};

/** From the worker to the page. */
export type Answer =
  | { kind: 'report'; report: Report }
  | { kind: 'progress'; progress: Progress | null }
  | { kind: 'failed'; message: string };
