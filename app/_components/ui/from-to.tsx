import { buttonClass } from './button';
import { inputClass } from './field';

/** Two times to choose in a form, `from` and `to`, and the button that sends it. */
export function FromTo({
  type,
  from,
  to,
  note,
}: {
  type: 'date' | 'datetime-local';
  /** As the input writes them. */
  from: string;
  to: string;
  note: string;
}) {
  const bounds = type === 'date' ? {} : { step: 1, min: '1970-01-01T00:00:00', max: '2261-12-31T23:59:59' };
  return (
    <>
      {[['From', 'from', from] as const, ['To', 'to', to] as const].map(([label, name, value]) => (
        <label key={name} className="flex items-center gap-2 text-xs text-muted">
          <span className="w-8">{label}</span>
          <input type={type} name={name} required defaultValue={value} className={inputClass} {...bounds} />
        </label>
      ))}
      <div className="flex items-center justify-between">
        <span className="text-2xs text-faint">{note}</span>
        <button type="submit" className={buttonClass('plain', 'sm')}>
          Show
        </button>
      </div>
    </>
  );
}
