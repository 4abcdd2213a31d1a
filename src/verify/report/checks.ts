// Room: verify/report/. Every check of `verify`: its title, and what it looks at and how. Printed by the table, the page and the docs.
import type { CheckId, Outcome, ProblemKind, RungId } from '../types.ts';

export interface CheckText {
  /** A few words; stands in tables. */
  title: string;
  /** What is looked at, and how: one or two sentences. */
  looksAt: string;
}

/** In the order in which they are told: building, configuration, running, contents. */
export const checkTexts: Readonly<Record<CheckId, CheckText>> = {
  build: {
    title: 'Both build',
    looksAt: 'Both Dockerfiles are built with BuildKit from the same copy of the context, with the same arguments, target and platform.',
  },
  config: {
    title: 'Image configuration',
    looksAt:
      'ENTRYPOINT, CMD, ENV, WORKDIR, EXPOSE, VOLUME, LABEL, HEALTHCHECK, STOPSIGNAL, SHELL and USER of both images, as the engine tells them. Differences that a transform announced are expected.',
  },
  end: {
    title: 'How it ends',
    looksAt:
      'Both images are started in the same way. A command that ends must end with the same exit code; a server or worker must go on running.',
  },
  output: {
    title: 'What it prints',
    looksAt:
      'Standard output and error of a command that ends, line by line. Dates, times, ids, ports, addresses and durations are replaced by placeholders first.',
  },
  ports: {
    title: 'Listening ports',
    looksAt: 'The TCP ports on which the running container listens, read from the kernel’s tables of its network.',
  },
  http: {
    title: 'HTTP answers',
    looksAt:
      'Status, content type and body of each probed path, asked of both containers through a port on 127.0.0.1. What changes from one request to the next is replaced by placeholders first.',
  },
  health: {
    title: 'Health check',
    looksAt: 'The HEALTHCHECK is run by the engine in both containers; the rewritten image must become as healthy as the original.',
  },
  log: {
    title: 'Errors in the log',
    looksAt:
      'The class of error that the logs show: missing modules, libraries and files, refused permissions, stack traces. None may be new.',
  },
  command: {
    title: 'Commands of --run',
    looksAt: 'Each command is run in both images; exit code and output must be the same, dates and the like aside.',
  },
  smoke: {
    title: 'Own check of --smoke',
    looksAt:
      'The script is run on this machine once for each image, with its name in $IMAGE; it must succeed for the rewrite when it does for the original.',
  },
  programs: {
    title: 'Programs that run',
    looksAt:
      'The processes of both containers after they were asked, as the engine tells them: a program that runs at both starts of the original must run in the rewritten image, unless another command was announced.',
  },
  loaded: {
    title: 'Libraries in memory',
    looksAt:
      'The files mapped into the processes, on Linux with an engine of this machine: an extension module or addon that the original loads must be loaded. A library of the system is worth knowing.',
  },
  libraries: {
    title: 'Shared libraries',
    looksAt:
      'Every ELF program and library in the image is read, without running it: its interpreter and each library that it needs must resolve inside the image.',
  },
  imports: {
    title: 'Imports of dependencies',
    looksAt: 'The interpreter of the image imports the top-level module of each production dependency that the lockfile names.',
  },
  contents: {
    title: 'Nothing left of the build',
    looksAt:
      'Compilers, build tools, package caches and sources of compiled languages in the final image, where the rewrite splits it from its build. TypeScript and what an install leaves behind cost space alone: a warning.',
  },
  secrets: {
    title: 'No secrets',
    looksAt:
      'Private keys, tokens, registry logins and .env files in the image. None may be there that the original does not have; only paths and kinds are told.',
  },
  user: {
    title: 'Runs as non-root',
    looksAt: 'The user of the image and the user ids of its processes while it runs, where the rewrite sets a user.',
  },
  writes: {
    title: 'Can write where it wrote',
    looksAt:
      'The files that the original wrote while it ran: the user of the rewritten image must be able to write there, by owner, group and mode.',
  },
  written: {
    title: 'Files that they wrote',
    looksAt: 'The files that each container wrote while it ran, outside of volumes. What only one of them wrote is worth knowing.',
  },
};

/** What an outcome means, in one sentence. */
export const outcomeTexts: Readonly<Record<Outcome, { title: string; means: string }>> = {
  verified: {
    title: 'verified',
    means: 'The rewritten Dockerfile builds, and its image behaves as the original in everything that was checked.',
  },
  'partly-verified': {
    title: 'partly verified',
    means: 'A part of the rewrite builds and behaves as the original; the rest was taken back.',
  },
  rejected: { title: 'rejected', means: 'The rewrite does not build, or its image does not behave as the original does.' },
  unchanged: { title: 'unchanged', means: 'There was nothing to rewrite, so there was nothing to verify.' },
  'baseline-broken': {
    title: 'original broken',
    means: 'The original Dockerfile does not build, or its image does not start. Nothing can be said about a rewrite.',
  },
  error: { title: 'not verified', means: 'The verification could not be made.' },
};

/** The candidates of the ladder, in the order in which they are tried. */
export const rungTexts: Readonly<Record<RungId, { title: string; means: string }>> = {
  smallest: {
    title: 'smallest base',
    means: 'With --smallest: what sources and image prove, on the smallest base that they allow: an empty one, distroless, or slim.',
  },
  distroless: {
    title: 'distroless',
    means: 'With --smallest: the same on a distroless base; also where a binary failed on an empty one.',
  },
  proven: {
    title: 'as asked for',
    means: 'What sources and image prove, on the base that --base names: slim unless told.',
  },
  same: {
    title: 'same base',
    means: 'A split on the original’s own image: what only the build needs is left behind, the base stays. --prove same begins here.',
  },
  assumed: {
    title: 'with assumptions',
    means:
      'With --level max (first) or --smallest (last): also what is not known, where a check of this run would show it to be wrong: an answer, a health check, a command that ends well.',
  },
  'in-place': {
    title: 'in place',
    means: 'What is left when the split is taken back, or is not possible: order, caches, ignored files, the user.',
  },
  original: { title: 'the original', means: 'No rewrite held.' },
};

/** What each kind of problem means, and what to do: for the docs; the hint of one problem may be more exact. */
export const problemTexts: Readonly<Record<ProblemKind, { means: string; hint: string }>> = {
  'bad-input': {
    means: 'A path, the build context or a revision that was given is not there, or is no Dockerfile.',
    hint: 'The message names it.',
  },
  'no-engine': {
    means: 'Neither docker nor podman nor nerdctl is on PATH, or the one asked for with --engine is not.',
    hint: 'Install one of them, or name the one to use with --engine.',
  },
  'not-reachable': {
    means: 'The command is there, its daemon does not answer, or it may not be used.',
    hint: 'Start the daemon; for “permission denied” join the group of its socket; look at the context in use (`docker context ls`).',
  },
  'no-buildkit': {
    means: 'The engine builds without BuildKit, which cache mounts and heredocs need.',
    hint: 'Docker 23 and later: install the buildx plugin. Older ones: a build of the engine with BuildKit (18.09 or later).',
  },
  'no-space': {
    means: 'The disk of the engine, or of the temporary directory, is full.',
    hint: 'Make room (`docker system df` shows what takes it), or set TMPDIR to a larger disk.',
  },
  'no-base-image': {
    means: 'An image that the Dockerfile starts from could not be had: it does not exist, needs a login, or the registry does not answer.',
    hint: 'Try `docker pull` with the name in the message; log in when it is private.',
  },
  'rate-limited': {
    means: 'A registry allows no more downloads for now. That says nothing of the Dockerfile, so nothing is taken back for it.',
    hint: 'Log in to the registry (`docker login`), or wait and run it again.',
  },
  'build-failed': { means: 'A step of the build failed.', hint: 'The end of its log is shown. Of the original: repair it first.' },
  'build-timeout': { means: 'A build took longer than --timeout.', hint: 'Give it more with --timeout.' },
  'never-answers': {
    means: 'The container runs, but does not answer on the paths that were asked.',
    hint: 'Name a path that answers without other services with --probe, give variables that it needs with --env, or more time.',
  },
  interrupted: { means: 'The run was interrupted.', hint: 'What it had made was removed. Run it again.' },
  'engine-failed': { means: 'A command of the engine failed in another way.', hint: 'Its last lines are shown.' },
};
