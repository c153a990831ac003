import { expect, it } from 'vitest';
import { passwordFault } from './password-rules';

const ada = { email: 'ada.admin@example.org', name: 'Ada Admin' };

it.each([
  ['correct horse battery staple', true],
  ['ein langer Satz mit Umlauten wie ö', true],
  ['🔑🔒🗝️🔐🛡️⚙️📜🧾🪪🗃️🗄️📂📁✉️📬', true],
  ['short', false],
  ['fourteen chars', false],
  ['111111111111111', false],
  ['abcabcabcabcabcabc', false],
  ['1qaz2wsx3edc4rfv', false],
  ['qwerty-123456789', false],
  ['ada.admin@example.org', false],
  ['sealtrailsealtrail', false],
  ['Ada Admin sealtrail', false],
])('%s: %s', (password, taken) => {
  expect(passwordFault(password, ada) === null).toBe(taken);
});
