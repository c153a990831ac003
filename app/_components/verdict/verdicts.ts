import { Check, CircleDashed, Clock, GitFork, HardDrive, RotateCw, Scissors } from 'lucide-react';
import type { ComponentType } from 'react';
import type { ChainVerdict } from '@/lib/core/chain/verdict';
import { BrokenLine, SealCheck, SealCracked, TornPage } from './icons';

export type VerdictLook = {
  word: string;
  /** What it says about the evidence, as one sentence. */
  meaning: string;
  icon: ComponentType<{ size?: number; className?: string }>;
  /** CSS colour. */
  tone: string;
};

/** Icon, word and colour of every verdict. The three always go together. */
export const VERDICT_LOOK: Record<ChainVerdict, VerdictLook> = {
  verified: {
    word: 'Verified',
    meaning: 'Every record hashes over its own bytes and links to the one before it.',
    icon: SealCheck,
    tone: 'var(--color-v-verified)',
  },
  'verified-with-warnings': {
    word: 'Warnings',
    meaning: 'The chain holds by its format’s own rule; something about it is worth knowing.',
    icon: Check,
    tone: 'var(--color-v-warnings)',
  },
  restarted: {
    word: 'Restarted',
    meaning: 'The writer began a new chain inside this log. Each part holds; the boundary between them is not proven.',
    icon: RotateCw,
    tone: 'var(--color-v-restarted)',
  },
  gap: {
    word: 'Gap',
    meaning: 'Records are missing. Everything that is present hashes correctly.',
    icon: BrokenLine,
    tone: 'var(--color-v-gap)',
  },
  forked: {
    word: 'Forked',
    meaning: 'Two records claim the same predecessor and both hash correctly: there are two histories.',
    icon: GitFork,
    tone: 'var(--color-v-forked)',
  },
  truncated: {
    word: 'Truncated',
    meaning: 'The chain is shorter than it was when it was seen before.',
    icon: Scissors,
    tone: 'var(--color-v-truncated)',
  },
  tampered: {
    word: 'Tampered',
    meaning: 'A record, its hash or its place in the chain was changed after it was written.',
    icon: SealCracked,
    tone: 'var(--color-v-tampered)',
  },
  corrupt: {
    word: 'Corrupt',
    meaning: 'Bytes are damaged and cannot be read as records.',
    icon: TornPage,
    tone: 'var(--color-v-corrupt)',
  },
  unchained: {
    word: 'Unchained',
    meaning: 'The records are readable but carry no hashes: nothing can be proven about them.',
    icon: CircleDashed,
    tone: 'var(--color-v-unchained)',
  },
  damaged: {
    word: 'Damaged',
    meaning: 'Stored bytes of the chain are gone or altered. Its verdict counts again when the genuine ones are back.',
    icon: HardDrive,
    tone: 'var(--color-v-tampered)',
  },
  pending: {
    word: 'Checking',
    meaning: 'Stored as evidence; its newest part is being checked.',
    icon: Clock,
    tone: 'var(--color-v-pending)',
  },
};

/** True when the chain's evidence holds. */
export function holds(verdict: ChainVerdict): boolean {
  return verdict === 'verified' || verdict === 'verified-with-warnings' || verdict === 'restarted';
}
