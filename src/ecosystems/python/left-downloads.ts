// Room: ecosystems/python. What installs leave in a layer beside the packages.
import type { PythonCase } from './split-case.ts';

/** What a cache mount keeps out of the image as well, as the end of a sentence: the downloads of pip, which stay in its layer. */
export function leftDownloads({ installs, reading }: PythonCase): string {
  const left = installs.find(({ run, install: { manager, part } }) => {
    const off = part.command.words.some(({ value }) => manager.cacheOffOptions.includes(value ?? ''));
    const { lookup } = reading.shell(run.instruction);
    const switched = manager.cacheOff.some(({ name }) => lookup(name) !== undefined);
    const kept =
      run.instruction.mounts.some(({ type }) => type === 'cache') || run.parts.some(({ command }) => manager.clearsCache(command));
    return manager.usesCache(part.command) && !off && !switched && !kept;
  });
  return left === undefined ? '' : ` but the downloads of ${left.install.manager.id}, which a cache mount keeps out of it`;
}
