import { clsx } from 'clsx';
import { Link } from './link';
import type { ComponentProps } from 'react';
import { type ButtonLook, buttonClass } from './button-class';

export { type ButtonLook, buttonClass };

type Shape = { look?: ButtonLook; size?: 'sm' | 'md' | 'icon' };

export function Button({ look, size, className, ...props }: ComponentProps<'button'> & Shape) {
  return <button type="button" className={clsx(buttonClass(look, size), className)} {...props} />;
}

export function ButtonLink({ look, size, className, ...props }: ComponentProps<typeof Link> & Shape) {
  return <Link className={clsx(buttonClass(look, size), className)} {...props} />;
}
