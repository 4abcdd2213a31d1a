// Room: forge/. Tokens: from the environment or a file, and out of everything that is written.
import { readFileSync, statSync } from 'node:fs';
import { ForgeError } from './types.ts';
import type { ForgeKind } from './types.ts';

/** Takes secrets out of text that goes to people, files or logs. */
/** Who the actor is. An app's key never leaves the process: it signs requests for short tokens. */
export type Credential =
  { kind: 'token'; value: string } | { kind: 'app'; id: string; privateKey: string; installation: number | undefined };

export interface Redactor {
  /** Adds a secret, in every form in which it may turn up (as it is, base64, URL-encoded, `x-access-token:…`, Basic). Shorter than 8 characters: ignored. */
  add(secret: string): void;
  /** The text with each known secret, and what looks like a forge's token, as `[redacted]`. */
  redact(text: string): string;
}

/** Where a token came from; the value is never printed. */
export interface Token {
  value: string;
  /** `DOCKERFILE_MOD_TOKEN`, or the path of the file. */
  from: string;
}

const mark = '[redacted]';
const shortest = 8;

/**
 * What looks like a token although nobody told us of it. Sources: docs.github.com "About authentication to GitHub" (gh?_,
 * github_pat_), docs.gitlab.com "Token overview" (gl…-), RFC 9110 (Authorization), RFC 3986 (user information in URLs).
 */
const tokenShapes: readonly [RegExp, string][] = [
  [/\bgh[pousr]_[A-Za-z0-9]{20,255}\b/g, mark],
  [/\bgithub_pat_[A-Za-z0-9_]{20,255}\b/g, mark],
  [/\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt|ffct)-[A-Za-z0-9_.-]{16,255}/g, mark],
  [/\b(authorization['"]?\s*[:=]\s*['"]?(?:basic|bearer|token)\s+)[^\s'",]+/gi, `$1${mark}`],
  [/\b(private-token['"]?\s*[:=]\s*['"]?)[^\s'",]+/gi, `$1${mark}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"<>]+@/gi, `$1${mark}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, mark],
];

/** User names that stand before a token in Basic credentials: docs of GitHub (x-access-token), GitLab (oauth2, gitlab-ci-token), Gitea (any). */
const basicUsers = ['x-access-token', 'oauth2', 'gitlab-ci-token', 'git', 'token', ''];

/** Makes a redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const forms = new Set<string>();
  let ordered: string[] = [];
  return {
    add(secret) {
      for (const value of new Set([secret, secret.trim()])) {
        if (value.length < shortest) continue;
        for (const form of formsOf(value)) if (form.length >= shortest) forms.add(form);
      }
      // The longest first: a form that is part of another one must not leave the rest behind.
      ordered = [...forms].sort((a, b) => b.length - a.length);
    },
    redact(text) {
      const known = ordered.reduce((rest, form) => rest.replaceAll(form, mark), text);
      return tokenShapes.reduce((rest, [shape, instead]) => rest.replace(shape, instead), known);
    },
  };
}

function formsOf(value: string): string[] {
  const plain = [value, encodeURIComponent(value), encodeURI(value), JSON.stringify(value).slice(1, -1)];
  const basics = basicUsers.flatMap((user) => [`${user}:${value}`, `${value}:${user}`]);
  return [...plain, ...[value, ...basics, `${value}:x-oauth-basic`].flatMap(base64Forms)];
}

/** With and without padding, in both alphabets, and percent-encoded. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const padded = bytes.toString('base64');
  return [padded, padded.replace(/=+$/, ''), bytes.toString('base64url'), encodeURIComponent(padded)];
}

/** Variables that may hold a token, in order. Sources: the forges' own CI (GITHUB_TOKEN, CI_JOB_TOKEN is not enough for merge requests) and command lines (gh: GH_TOKEN, glab: GITLAB_TOKEN, tea: GITEA_TOKEN). */
const variables: Readonly<Record<ForgeKind, readonly string[]>> = {
  github: ['DOCKERFILE_MOD_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'],
  gitlab: ['DOCKERFILE_MOD_TOKEN', 'GITLAB_TOKEN'],
  gitea: ['DOCKERFILE_MOD_TOKEN', 'GITEA_TOKEN', 'FORGEJO_TOKEN'],
};

const tokenNames: ReadonlySet<string> = new Set(Object.values(variables).flat());

/** An environment without the variables that are read for tokens, and without all of our own (queue, webhooks, App): for programs that need none. */
export const withoutSecrets = <T>(env: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !tokenNames.has(name) && !name.startsWith('DOCKERFILE_MOD_')));

const largestFile = 64 * 1024;

/**
 * The token of the run: the file when one is given, the environment otherwise; undefined when there is none. Add it to the
 * redactor before anything else. Throws ForgeError `unauthorized` for a file that cannot be read, may be read by others
 * (mode beyond 0600, not on Windows), or is empty. Nothing of the file's content is in the message.
 */
export function readToken(
  kind: ForgeKind,
  from: { file: string | undefined; env: Readonly<Record<string, string | undefined>> },
): Token | undefined {
  if (from.file !== undefined) return { value: oneLine(readSecretFile(from.file), from.file), from: from.file };
  for (const name of variables[kind]) {
    const value = from.env[name]?.trim();
    if (value) return { value: oneLine(value, name), from: name };
  }
  return undefined;
}

/**
 * Who the actor is: a token as `readToken` finds it; otherwise, for GitHub, an app by `DOCKERFILE_MOD_APP_ID`,
 * `DOCKERFILE_MOD_APP_KEY_FILE` (PEM, mode 0600) and, when it has several installations, `DOCKERFILE_MOD_APP_INSTALLATION`.
 * Errors as `readToken`.
 */
export function readCredential(kind: ForgeKind, from: Parameters<typeof readToken>[1]): Credential | undefined {
  const token = readToken(kind, from);
  if (token) return { kind: 'token', value: token.value };
  const { DOCKERFILE_MOD_APP_ID: id, DOCKERFILE_MOD_APP_KEY_FILE: file, DOCKERFILE_MOD_APP_INSTALLATION: installation } = from.env;
  if (kind !== 'github' || !id || !file) return undefined;
  if (installation && !/^\d{1,15}$/.test(installation))
    throw new ForgeError('unauthorized', 'DOCKERFILE_MOD_APP_INSTALLATION is no number', { retryable: false });
  return { kind: 'app', id, privateKey: readSecretFile(file), installation: installation ? Number(installation) : undefined };
}

/** Text of a file that only its owner may read: a token, an app's key. Errors as `readToken`. */
export function readSecretFile(file: string): string {
  const fail = (why: string): ForgeError => new ForgeError('unauthorized', `${file}: ${why}`, { retryable: false });
  try {
    const { mode, size } = statSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw fail('others may read it; make it 0600');
    if (size > largestFile) throw fail('too large for a token');
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    throw fail(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

function oneLine(text: string, from: string): string {
  const value = text.trim();
  // A header's value: visible ASCII. A line break would start a header of its own.
  if (!/^[\x21-\x7e]+$/.test(value))
    throw new ForgeError('unauthorized', `${from}: no token in it, or more than one line`, { retryable: false });
  return value;
}
