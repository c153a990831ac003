import { type Search, one } from '@/app/(console)/params';
import { SignInForm } from '../_components/sign-in-form';
import { returnPath } from '../return-path';

export const metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { searchParams: Search }) {
  const to = returnPath(one((await searchParams)['to']));
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">Sign in</h1>
      <p className="mb-5 text-muted">To see whether the evidence holds.</p>
      <SignInForm to={to} />
    </>
  );
}
