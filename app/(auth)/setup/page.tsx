import { Link } from '@/app/_components/ui/link';
import { SetupForm } from '../_components/setup-form';
import { context } from '@/lib/compose';
import { isSetupToken } from '@/lib/access/first-run';
import { hasPeople } from '@/lib/access/set-up';

export const metadata = { title: 'Set up' };

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  const { token } = await searchParams;
  const ctx = await context();
  if (await hasPeople(ctx)) {
    return (
      <>
        <h1 className="mb-1 text-xl font-semibold">This Sealtrail is set up</h1>
        <p className="text-muted">
          The link works once, and it was used.{' '}
          <Link href="/sign-in" className="link">
            Sign in
          </Link>{' '}
          instead.
        </p>
      </>
    );
  }
  if (typeof token !== 'string' || !(await isSetupToken(ctx, token))) {
    return (
      <>
        <h1 className="mb-1 text-xl font-semibold">Use the set-up link</h1>
        <p className="text-muted">
          There is no administrator yet. The terminal in which Sealtrail was started shows a link that creates the first
          one; open that link. If the link has expired, start Sealtrail again to get a new one.
        </p>
      </>
    );
  }
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-[-0.012em]">Set up Sealtrail</h1>
      <p className="mb-5 text-muted">You become its first administrator. This link works once.</p>
      <SetupForm token={token} />
    </>
  );
}
