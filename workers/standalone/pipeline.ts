// What a pipeline attests with: one file for plain Node, which is its own checking thread too.
import './older-node';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) await import('./pipeline-commands');
else await import('@/lib/verify/local/task-thread');
