// What the core makes of a project: the library's one function, and tables of what is different.
import { memoryTree, refactor } from '../../../src/index.ts';
import { patchOf } from '../../../src/report/diff.ts';
import { sideBySide } from '../../../src/report/side-by-side.ts';
import { dockerfileName, type Answer, type Project } from './types.ts';

/** Refactors the project's Dockerfile; what goes wrong is told, not thrown. */
export function answer(id: number, { files, settings }: Project, now: () => number): Answer {
  const began = now();
  const took = (): number => Math.round(now() - began);
  try {
    const source = files.find(({ path }) => path === dockerfileName)?.text ?? '';
    const tree = memoryTree(
      Object.fromEntries(files.map(({ path, text, unread }) => [path, unread === undefined ? text : { size: unread }])),
    );
    const alone = files.length < 2;
    const context = {
      tree,
      dockerfilePath: dockerfileName,
      contextCertain: !alone,
      ...(alone ? { contextDoubt: 'Only the Dockerfile is here, and the files around it are not known' } : {}),
    };
    const result = refactor(source, context, settings);
    if (!result.ok) return { id, kind: 'wrong', milliseconds: took(), ...result.error };
    const versions = [{ path: dockerfileName, before: result.source, after: result.output }, ...result.files].filter(
      ({ before, after }) => before !== after,
    );
    const changed = versions.map(({ path, before, after }) => ({
      path,
      isNew: before === undefined,
      rows: sideBySide(before ?? '', after),
    }));
    return { id, kind: 'done', milliseconds: took(), result, changed, patch: patchOf(versions) };
  } catch (error) {
    return { id, kind: 'crashed', milliseconds: took(), message: error instanceof Error ? error.message : String(error) };
  }
}
