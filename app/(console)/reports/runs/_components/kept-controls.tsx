import type { ControlsReport } from '@/lib/schemas/controls';
import { ControlSection } from '../../controls/_components/control-section';
import { FiguresList } from '../../controls/_components/figures-list';
import { FrameworkAbout } from '../../controls/_components/framework-about';
import { Strengths } from '../../controls/_components/strength-mark';
import { Prose, Section } from '../../_components/section';

export const CONTROLS_SECTIONS = 4;

/** The sections of control evidence, as it was kept. */
export function KeptControls({ report }: { report: ControlsReport }) {
  const figures = new Map(report.figures.map((figure) => [figure.id, figure]));
  return (
    <>
      <Section number={1} title="The framework">
        <p className="mb-4 font-medium">
          {report.framework.title}. {report.statement}.
        </p>
        <FrameworkAbout framework={report.framework} />
      </Section>
      <Section number={2} title="Strength of evidence">
        <Prose>A control is as strong as the weakest figure it rests on.</Prose>
        <Strengths />
      </Section>
      <Section number={3} title="Controls">
        {report.controls.map((control, at) => (
          <ControlSection key={control.id} control={control} number={at + 1} figures={figures} />
        ))}
      </Section>
      <Section number={4} title="Figures">
        <Prose>What is of the period was counted then; what was so then is so of that moment.</Prose>
        <FiguresList figures={report.figures} />
      </Section>
    </>
  );
}
