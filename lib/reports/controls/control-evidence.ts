import 'server-only';
import type { Context } from '../../context';
import { AppError } from '../../core/errors';
import type { Period } from '../../schemas/common';
import {
  type ControlEvidence,
  type ControlFigure,
  FigureId,
  type Framework,
  type FrameworkId,
  NO_DETERMINATION,
  STRENGTHS,
  Strength,
} from '../../schemas/controls';
import { FIGURES, sourcesOf } from './figures';
import { frameworks } from './frameworks';

type Listed = Omit<Framework, 'controls'> & {
  controls: number;
  /** How many of them have which strength. */
  strengths: Record<Strength, number>;
};

/** Every framework, with how many of its controls have which strength: what its file says, whatever the records are. */
export async function listFrameworks(ctx: Context): Promise<Listed[]> {
  return (await frameworks(ctx)).map(({ controls, ...framework }) => ({
    ...framework,
    controls: controls.length,
    strengths: countStrengths(controls.map(({ figures }) => strengthOf(figures))),
  }));
}

/** A framework as its file has it. @throws AppError NOT_FOUND. */
export async function getFramework(ctx: Context, { framework: id }: { framework: FrameworkId }): Promise<Framework> {
  const framework = (await frameworks(ctx)).find((one) => one.id === id);
  if (!framework) throw new AppError('NOT_FOUND', 'no framework has this id', { framework: id });
  return framework;
}

/** What of the records of a period answers each control of a framework. @throws AppError NOT_FOUND. */
export async function getControlEvidence(
  ctx: Context,
  { framework: id, period }: { framework: FrameworkId; period: Period },
): Promise<ControlEvidence> {
  const { controls, ...framework } = await getFramework(ctx, { framework: id });
  const named = new Set(controls.flatMap(({ figures }) => figures));
  return {
    statement: NO_DETERMINATION,
    framework,
    period,
    generatedAt: ctx.now().toISOString(),
    strengths: Strength.options.map((strength) => ({ id: strength, ...STRENGTHS[strength] })),
    figures: await readFigures(
      ctx,
      period,
      FigureId.options.filter((figure) => named.has(figure)),
    ),
    controls: controls.map((control) => ({ ...control, strength: strengthOf(control.figures) })),
  };
}

/** These figures of a period, in their order. */
function readFigures(ctx: Context, period: Period, ids: readonly FigureId[]): Promise<ControlFigure[]> {
  const sources = sourcesOf(ctx, period);
  return Promise.all(
    ids.map(async (id) => {
      const { read, ...declared } = FIGURES[id];
      return { id, ...declared, total: null, ...(await read(sources)) };
    }),
  );
}

/** That of the weakest figure; a control that rests on none is not evidenced. */
function strengthOf(figures: readonly FigureId[]): Strength {
  const weakest = Math.max(...figures.map((id) => Strength.options.indexOf(FIGURES[id].strength)));
  return Strength.options[weakest] ?? 'not-evidenced';
}

function countStrengths(strengths: readonly Strength[]): Record<Strength, number> {
  const counts = { recomputable: 0, signed: 0, stated: 0, kept: 0, 'not-evidenced': 0 };
  for (const strength of strengths) counts[strength] += 1;
  return counts;
}
