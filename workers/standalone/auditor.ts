// What an evidence package carries for auditors: one file for plain Node, which is its own checking thread too.
import './older-node';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) await import('./auditor-commands');
else await import('@/lib/verify/local/task-thread');
