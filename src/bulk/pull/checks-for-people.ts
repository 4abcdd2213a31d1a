// Room: bulk/. What a reviewer should look at, per transform: what no tool can prove from the files.

/** Transform id → what may be different and where to look. Only for changes that are marked `review` or `risky`. */
const byTransform: Readonly<Record<string, string>> = {
  'multi-stage':
    'The runtime stage holds only what the program was seen to need. Start the container once and use a route that reads files, templates or native libraries.',
  'base-slim':
    'The slim image has no compilers, curl or git. Scripts that are run inside of the container by hand or by a cron job may use them.',
  'base-replacement': 'Whoever builds and runs the image needs access to the other registry.',
  'scratch-essentials': 'The image has no shell and no package manager. `docker exec … sh` does not work any more.',
  'non-root-user':
    'The process may write only where its user may. Look at mounted volumes, upload and log directories, and at `runAsUser` of the deployment.',
  dockerignore:
    'Files that match the ignore file are not in the build context any more. Look for an instruction or a script that needs one.',
  'install-lockfile': 'The build fails now where lockfile and manifest disagree, instead of choosing other versions.',
};

/** One sentence for a change that a person should look at; it has no text of a repository, and may hold Markdown. */
export function checkFor(transform: string): string {
  const known = Object.hasOwn(byTransform, transform) ? byTransform[transform] : undefined;
  return known ?? 'It is expected to behave the same; the reasons stand above.';
}
