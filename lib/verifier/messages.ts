import type { Report } from './outcome';

export type Expected = { subject: string; issuer: string };

/** From the page to the worker. */
export type Order = { kind: 'add'; files: File[] } | { kind: 'remove'; ids: string[] } | { kind: 'expect'; expected: Expected | null } | { kind: 'stop' };

/** How far a reading is; `totalBytes` are those of the file as it lies there. */
export type Progress = { what: string; doneBytes: number; totalBytes: number; bytesPerSecond: number };

/** From the worker to the page. */
export type Answer = { kind: 'report'; report: Report } | { kind: 'progress'; progress: Progress | null } | { kind: 'failed'; message: string };
