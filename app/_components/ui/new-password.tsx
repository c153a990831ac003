import { MIN_PASSWORD_LENGTH } from '@/lib/schemas/password-length';
import { Field } from './field';

/** A password that is chosen here. */
export function NewPassword({ label, name }: { label: string; name: string }) {
  return (
    <Field
      label={label}
      name={name}
      type="password"
      required
      minLength={MIN_PASSWORD_LENGTH}
      maxLength={128}
      autoComplete="new-password"
      hint={`At least ${MIN_PASSWORD_LENGTH} characters: a few words, with spaces if you like.`}
    />
  );
}
