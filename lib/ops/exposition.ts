/** A gauge as Prometheus reads it: a line a value, each with its labels or none. */
export const gauge = metric('gauge');
export const counter = metric('counter');

/** The value of a label, as it stands between quotes. */
export function escaped(label: string): string {
  return label.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

function metric(type: string) {
  return (name: string, help: string, values: [labels: string, value: number][]): string[] => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${labels && `{${labels}}`} ${value}`),
  ];
}
