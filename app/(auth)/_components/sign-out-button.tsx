'use client';
import { signOut } from '@/app/_components/frame/sign-out';
import { Button } from '@/app/_components/ui/button';

export function SignOutButton() {
  return <Button onClick={() => void signOut()}>Sign out</Button>;
}
