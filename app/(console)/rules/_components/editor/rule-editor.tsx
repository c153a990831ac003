'use client';
import { useId, useRef, useState } from 'react';
import { goToPlace } from '@/app/_components/text/go-to-place';
import { Card } from '@/app/_components/ui/card';
import type { Vocabulary } from '@/lib/core/rules/complete';
import { CodeArea, type Problem } from './code-area';
import { PreviewPanel } from './preview-panel';
import { type Edited, SaveForm } from './save-form';
import { type Checked, useCheck } from './use-check';
import { usePreview } from './use-preview';

type Props = { text: string; edited: Edited | null; vocabulary: Vocabulary };

/** Writes a rule: what is wrong is said at its line, and what it would have found beside it. */
export function RuleEditor({ text, edited, vocabulary }: Props) {
  const input = useRef<HTMLTextAreaElement>(null);
  const says = useId();
  const [yaml, setYaml] = useState(text);
  const [days, setDays] = useState(7);
  const checked = useCheck(yaml);
  const isChecked = checked.of === yaml;
  const rule = checked.check?.rule ?? null;
  const previewed = usePreview(rule ? checked.of : null, days);
  const problem = isChecked ? (checked.check?.problems[0] ?? null) : null;
  return (
    <div className="grid gap-4 xl:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]">
      <div className="min-w-0 space-y-4">
        <Card title="Sigma YAML" aside={<span>Ctrl + Space proposes what can be written</span>} flush>
          <CodeArea
            input={input}
            label="Text of the rule"
            value={yaml}
            onChange={setYaml}
            problem={problem}
            vocabulary={vocabulary}
            describedBy={says}
          />
          <p id={says} role="status" className="min-h-10 border-t px-4 py-2.5 [overflow-wrap:anywhere]">
            <State
              checked={checked}
              isChecked={isChecked}
              problem={problem}
              onGo={() => goToPlace(input.current, problem)}
            />
          </p>
        </Card>
        <SaveForm yaml={yaml} rule={isChecked ? rule : null} edited={edited} isChanged={yaml !== text} />
      </div>
      <PreviewPanel previewed={previewed} days={days} onDays={setDays} isRule={isChecked && rule !== null} />
    </div>
  );
}

function State({
  checked,
  isChecked,
  problem,
  onGo,
}: {
  checked: Checked;
  isChecked: boolean;
  problem: Problem | null;
  onGo: () => void;
}) {
  if (!isChecked) return <span className="text-muted">Reading…</span>;
  if (checked.failure !== null) return <span className="text-v-tampered">{checked.failure}</span>;
  if (!problem) return <span className="text-v-verified">It is a rule.</span>;
  return (
    <>
      <button type="button" onClick={onGo} className="link min-h-6 text-v-tampered">
        Line {problem.line}, column {problem.column}
      </button>
      : {problem.message}
    </>
  );
}
