import { SignInForm } from '../_components/sign-in-form';

export const metadata = { title: 'Sign in' };

export default function SignInPage() {
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">Sign in</h1>
      <p className="mb-5 text-muted">To see whether the evidence holds.</p>
      <SignInForm />
    </>
  );
}
