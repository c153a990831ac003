import { useEffect, useRef, useState } from 'react';
import { SampleStep } from '@/lib/schemas/browser/sample';
import { toRequestError } from '../api/problem';
import { sayError } from '../api/request-error';
import { type Asked, eventsPath } from './asked';

export type Sample = Extract<SampleStep, { sample: unknown }>['sample'];
export type Drawing =
  | { state: 'asked' }
  | { state: 'drawing'; records: number }
  | { state: 'drawn'; sample: Sample }
  | { state: 'failed'; says: string };

/** Draws a sample and tells how far it is; ends with what shows it. */
export function useSample(asked: Asked): {
  drawing: Drawing;
  draw: (by: { seed: string; size: string }) => Promise<void>;
  stop: () => void;
} {
  const [drawing, setDrawing] = useState<Drawing>({ state: 'asked' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  async function draw(by: { seed: string; size: string }): Promise<void> {
    const abort = new AbortController();
    running.current = abort;
    setDrawing({ state: 'drawing', records: 0 });
    try {
      for await (const step of stepsOf(eventsPath('/sample', asked, by), abort.signal))
        setDrawing(
          'sample' in step ? { state: 'drawn', sample: step.sample } : { state: 'drawing', records: step.records },
        );
    } catch (error) {
      if (abort.signal.aborted) return setDrawing({ state: 'asked' });
      setDrawing({ state: 'failed', says: sayError(error) });
    }
  }
  return { drawing, draw, stop: () => running.current?.abort() };
}

/** @throws RequestError; Error when it ends before the sample. */
async function* stepsOf(path: string, signal: AbortSignal): AsyncGenerator<SampleStep> {
  const response = await fetch(path, { signal });
  if (!response.ok || !response.body) throw toRequestError(response.status, await response.text());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let [held, isDrawn] = ['', false];
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (held + read.value).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) {
      const step = SampleStep.parse(JSON.parse(line));
      isDrawn ||= 'sample' in step;
      yield step;
    }
  }
  if (!isDrawn) throw new Error('The connection failed before the sample was drawn. Try again.');
}
