import { ButtonLink } from './_components/ui/button';

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-[70vh] max-w-[56ch] flex-col justify-center px-6">
      <h1 className="text-xl font-semibold">There is nothing at this address</h1>
      <p className="mt-2 text-base text-muted">
        It may have been typed wrong, or belong to another Sealtrail. Nothing stored here is ever removed by following a
        link.
      </p>
      <div className="mt-5">
        <ButtonLink href="/">Go to the overview</ButtonLink>
      </div>
    </main>
  );
}
