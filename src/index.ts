// The library: the one place that puts the road and the transforms together.
import { transforms } from '../transforms/index.ts';
import { ecosystems } from './ecosystems/index.ts';
import { refactorWith } from './refactor.ts';
import type { Options, ProjectContext, Result } from './types.ts';

export type {
  Announced,
  Applied,
  BaseChoice,
  FileChange,
  InputError,
  LevelName,
  Note,
  Options,
  ProjectContext,
  Provenance,
  Refactored,
  Result,
  Safety,
  Skipped,
  Step,
} from './types.ts';
export type { Evidence } from './facts/types.ts';
export type { ImageFacts } from './image/types.ts';
export type { Entry, FileRead, FileTree } from './context/types.ts';
export { memoryTree } from './context/memory.ts';

/**
 * Refactors one Dockerfile with every transform that applies. In: its text, the repository around it, options (level `balanced`, base `slim`
 * unless told). Out: the new text and what was done and not done, or the error that makes the text no Dockerfile. Nothing is read or written but
 * through the context's file tree, and no network is used.
 */
export const refactor = (source: string, context: ProjectContext, options: Partial<Options> = {}): Result =>
  refactorWith(transforms, ecosystems, source, context, options);

/** Every transform in the order in which they run: id, title, why. */
export const listTransforms = (): { id: string; title: string; rationale: string; optIn: boolean }[] =>
  transforms.map(({ id, title, rationale, optIn }) => ({ id, title, rationale, optIn: optIn ?? false }));
