import vm from 'node:vm';
import type { Answer, Order } from '../verify/page/messages';
import type { Report } from '../verify/page/outcome';
import { workerScript } from '../../workers/verifier-page.mjs';
import { givenFile } from './ask-verifier';

/** What a worker in a browser has of the world that the language does not bring; nothing of Node. */
const BROWSER = {
  TextEncoder,
  TextDecoder,
  URL,
  Blob,
  File,
  ReadableStream,
  DecompressionStream,
  performance,
  setTimeout,
  clearTimeout,
  atob,
  btoa,
};

/** The verifier's worker as it is built for browsers, in a context of its own: gives its last report on these files. */
export async function browserWorker(): Promise<(files: Record<string, Uint8Array | string>) => Promise<Report>> {
  const code = new vm.Script(await workerScript());
  return (files) =>
    new Promise((resolve, reject) => {
      let report: Report | null = null;
      let order: (message: { data: Order }) => void = () => reject(new Error('the worker does not listen'));
      const postMessage = (answer: Answer) => {
        if (answer.kind === 'report') report = answer.report;
        if (answer.kind === 'failed') reject(new Error(answer.message));
        // Said last of all, once everything is checked.
        if (answer.kind === 'progress' && answer.progress === null && report) resolve(structuredClone(report));
      };
      const addEventListener = (_: string, listener: typeof order) => {
        order = listener;
      };
      code.runInContext(vm.createContext({ ...BROWSER, postMessage, addEventListener }));
      order({ data: { kind: 'add', files: Object.entries(files).map(([name, content]) => givenFile(name, content)) } });
    });
}
