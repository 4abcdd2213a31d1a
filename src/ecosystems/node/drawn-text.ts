// Room: ecosystems/node. Packages of the system that no row of a production dependency asks for: programs that are installed globally, and fonts.
import type { FileTree } from '../../context/types.ts';
import { FONTS, systemNeed } from './known-packages.ts';
import type { NodeProject } from './types.ts';

/** What programs need that `npm install --global` brings: pm2 needs `ps`. */
export const ofGlobals = (names: readonly string[]): string[] => names.flatMap((name) => systemNeed(name)?.debian ?? []);

/** An SVG with text, or a text of sharp's own. Source: sharp.pixelplumbing.com/api-constructor, options.text. */
const TEXT = /<text[\s>]|\btext\s*:\s*[{"'`]/;

/** The fonts that sharp draws text with (librsvg and pango take them from the system), where a source has some drawn. */
export function drawnText(project: NodeProject, tree: FileTree): string[] {
  if (!project.dependencies.has('sharp')) return [];
  const draws = project.sources().some((path) => {
    const read = tree.read(path);
    return read.kind === 'text' && /\bsharp\b/.test(read.text) && TEXT.test(read.text);
  });
  return draws ? FONTS.debian : [];
}
