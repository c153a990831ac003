/** Shortest digits that read back as the number, and the exponent of the first of them. */
function shortest(value: number): { sign: string; digits: string; exponent: number } {
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential().split('e');
  return {
    sign: value < 0 || Object.is(value, -0) ? '-' : '',
    digits: mantissa.replace('.', ''),
    exponent: Number(exponent),
  };
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function scientific(digits: string): string {
  return digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
}

/** A finite double as Go's encoding/json writes a float64: `1e-7`, `1e+21`, `-0`, whole numbers without a point. */
export function goFloat(value: number): string {
  const { sign, digits, exponent } = shortest(value);
  if (value !== 0 && (exponent < -6 || exponent >= 21))
    return `${sign}${scientific(digits)}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
  return sign + plain(digits, exponent);
}

/** A double as Python's `repr` writes it: `1.0`, `1e-07`, `1e+16`, `-0.0`, `Infinity` as json.dumps does. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const { sign, digits, exponent } = shortest(value);
  if (exponent < -4 || exponent >= 16)
    return `${sign}${scientific(digits)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  const text = plain(digits, exponent);
  return sign + (text.includes('.') ? text : `${text}.0`);
}

/**
 * A finite double as serde_json writes an f64: `1.0`, `1e-7`, `-0.0`. Large exponents carry a sign since serde_json took to zmij
 * (`1e+21`), and did not with ryu before (`1e21`).
 */
export function serdeFloat(value: number, plus: '+' | ''): string {
  const { sign, digits, exponent } = shortest(value);
  if (value !== 0 && (exponent < -5 || exponent >= 16))
    return `${sign}${scientific(digits)}e${exponent < 0 ? '-' : plus}${Math.abs(exponent)}`;
  const text = plain(digits, exponent);
  return sign + (text.includes('.') ? text : `${text}.0`);
}
