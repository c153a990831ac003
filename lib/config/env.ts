import 'server-only';
import path from 'node:path';
import * as z from 'zod';
import { type NoteKey, parseVerifierKey } from '../core/merkle/signed-note';
import { DEFAULT_WORKSPACE } from '../schemas/workspace-id';
import { NOTIFY_VARIABLES } from './notify-env';
import { OIDC_VARIABLES, checkOidc, oidcOf } from './oidc-env';
import { SIGNING_VARIABLES, checkSigning, signingOf } from './signing-env';

const Env = z
  .object({
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    /** Project root: where `app/` and `lib/` lie. */
    SEALTRAIL_ROOT: z.string().default(process.cwd()),
    SEALTRAIL_DATA_DIR: z.string().optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }),
    /** The cluster of ClickHouse that the lake's tables lie on, as its servers' configuration names it; one server without. */
    CLICKHOUSE_CLUSTER: z
      .string()
      .regex(/^\w[\w.-]{0,99}$/, 'must be the name of a cluster: letters, digits, dots and hyphens')
      .optional(),
    /** `file:///directory`, or `s3://bucket/prefix?region=…&endpoint=…`. */
    EVIDENCE_URL: z.url({ protocol: /^(file|s3)$/ }),
    /** MiB left alone on a disk that evidence or the embedded database lies on: below it nothing is taken in. */
    SEALTRAIL_RESERVE_MB: z.coerce
      .number()
      .int()
      .min(0)
      .max(1024 * 1024)
      .default(512),
    /** MiB a second that the worker reads evidence back at, to find what was altered or lost on the disk; 0 turns that off. */
    SEALTRAIL_SWEEP_MB_PER_SECOND: z.coerce.number().min(0).max(100_000).default(16),
    /** Hours from the beginning of one pass over all evidence to that of the next. */
    SEALTRAIL_SWEEP_HOURS: z.coerce
      .number()
      .positive()
      .max(24 * 366)
      .default(24),
    /** Where browsers reach us; origin of links, cookies and CSRF checks. */
    SEALTRAIL_URL: z.url({ protocol: /^https?$/ }),
    /** At least 32 characters; signs session cookies. */
    SEALTRAIL_SECRET: z.string().min(32),
    /** Logs, folders and patterns the worker follows itself, separated as in PATH, each with `=chain` if it should not be named after the log. */
    SEALTRAIL_WATCH: z.string().default(''),
    /** Private key of the transparency log, shared by all hosts; `secrets/log-key.pem` in the data directory by default. */
    SEALTRAIL_LOG_KEY_FILE: z.string().optional(),
    /** Witnesses asked to cosign the log's checkpoints, each `verifier key@URL`, separated by spaces. c2sp.org/tlog-witness. */
    SEALTRAIL_WITNESSES: z.string().default('').transform(witnessesOf),
    SEALTRAIL_ADMIN_EMAIL: z.email().optional(),
    /** Held against the rules for passwords when it makes the first administrator. */
    SEALTRAIL_ADMIN_PASSWORD: z.string().min(1).optional(),
    ...NOTIFY_VARIABLES,
    ...OIDC_VARIABLES,
    ...SIGNING_VARIABLES,
  })
  .superRefine((env, check) => {
    const refuse = (variable: string, message: string) => check.addIssue({ code: 'custom', path: [variable], message });
    checkSigning(env, refuse);
    checkOidc(env, refuse);
  })
  .refine((env) => !env.SEALTRAIL_SMTP_URL === !env.SEALTRAIL_SMTP_FROM, {
    path: ['SEALTRAIL_SMTP_FROM'],
    message: 'goes with SEALTRAIL_SMTP_URL: the address that mail is from',
  })
  .transform((env) => {
    const dataDir = path.resolve(env.SEALTRAIL_ROOT, env.SEALTRAIL_DATA_DIR ?? '.sealtrail');
    return {
      mode: env.NODE_ENV,
      workspaceId: DEFAULT_WORKSPACE as string,
      logLevel: env.LOG_LEVEL,
      rootDir: env.SEALTRAIL_ROOT,
      dataDir,
      /** 0700; the signing key lies here. */
      secretsDir: path.join(dataDir, 'secrets'),
      databaseUrl: env.DATABASE_URL,
      clickhouseUrl: env.CLICKHOUSE_URL,
      lakeCluster: env.CLICKHOUSE_CLUSTER ?? null,
      evidenceUrl: env.EVIDENCE_URL,
      reserveBytes: env.SEALTRAIL_RESERVE_MB * 1024 * 1024,
      sweep: {
        bytesPerSecond: env.SEALTRAIL_SWEEP_MB_PER_SECOND * 1024 * 1024,
        everyMs: env.SEALTRAIL_SWEEP_HOURS * 3_600_000,
      },
      watch: env.SEALTRAIL_WATCH.split(path.delimiter).flatMap((entry) => watchOf(env.SEALTRAIL_ROOT, entry) ?? []),
      logKeyFile: env.SEALTRAIL_LOG_KEY_FILE
        ? path.resolve(env.SEALTRAIL_ROOT, env.SEALTRAIL_LOG_KEY_FILE)
        : path.join(dataDir, 'secrets', 'log-key.pem'),
      witnesses: env.SEALTRAIL_WITNESSES,
      publicUrl: env.SEALTRAIL_URL.replace(/\/$/, ''),
      /** Where the public addresses of the workspace begin. */
      workspaceUrl: env.SEALTRAIL_URL.replace(/\/$/, ''),
      secret: env.SEALTRAIL_SECRET,
      notify: {
        allowed: env.SEALTRAIL_NOTIFY_ALLOW,
        mail:
          env.SEALTRAIL_SMTP_URL && env.SEALTRAIL_SMTP_FROM
            ? { server: env.SEALTRAIL_SMTP_URL, from: env.SEALTRAIL_SMTP_FROM }
            : null,
      },
      signing: signingOf(env),
      /** The identity provider people sign in through; null for none. */
      oidc: oidcOf(env),
      admin:
        env.SEALTRAIL_ADMIN_EMAIL && env.SEALTRAIL_ADMIN_PASSWORD
          ? { email: env.SEALTRAIL_ADMIN_EMAIL, password: env.SEALTRAIL_ADMIN_PASSWORD }
          : null,
    };
  });
export type Env = z.output<typeof Env>;

/** `/var/log/agents/*.jsonl=agents {name}`: the chain stands behind the last `=`. */
function watchOf(rootDir: string, entry: string): { name: string; chain: string | null } | null {
  const at = entry.lastIndexOf('=');
  const name = (at === -1 ? entry : entry.slice(0, at)).trim();
  const chain = at === -1 ? '' : entry.slice(at + 1).trim();
  return name === '' ? null : { name: path.resolve(rootDir, name), chain: chain === '' ? null : chain };
}

/** `witness.example/w1+id+key@https://witness.example`, several. */
function witnessesOf(text: string, issues: z.RefinementCtx): { key: NoteKey; verifierKey: string; url: string }[] {
  return text.split(/\s+/).flatMap((entry) => {
    if (entry === '') return [];
    const [, verifierKey = '', url = ''] = /^(.+)@(https?:\/\/\S+)$/.exec(entry) ?? [];
    try {
      const key = parseVerifierKey(verifierKey);
      if (key.kind !== 'cosignature') throw new Error('the key is not one for cosignatures (type 04)');
      return [{ key, verifierKey, url: url.replace(/\/$/, '') }];
    } catch (error) {
      issues.addIssue(`"${entry}" is no witness, verifier key@URL: ${error instanceof Error ? error.message : ''}`);
      return [];
    }
  });
}

/** Reads the process environment. Throws with every wrong variable named. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const parsed = Env.safeParse(source);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`the environment is wrong or incomplete (\`npm start\` sets what it has to):\n${lines.join('\n')}`);
}
