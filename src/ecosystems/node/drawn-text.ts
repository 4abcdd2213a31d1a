// Room: ecosystems/node. Packages of the system that no row of a production dependency asks for alone: programs that are installed globally, fonts, and ImageMagick behind gm.
import type { FileTree } from '../../context/types.ts';
import { FONTS, systemNeed } from './known-packages.ts';
import type { SourceFile } from './sources.ts';
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

/** A subclass of gm that starts ImageMagick in place of GraphicsMagick. Source: github.com/aheckmann/gm, "Use ImageMagick instead of gm". */
const IMAGE_MAGICK = /\bimageMagick['"]?\s{0,20}:\s{0,20}(?!false\b|0\b)/;

/** The needs of packages as sources set them. */
export function toldBySources(needs: readonly PackageNeed[], files: readonly SourceFile[]): PackageNeed[] {
  return needs.map((need) =>
    need.package === 'gm' && files.some(({ text }) => IMAGE_MAGICK.test(text)) ? { ...need, debian: ['imagemagick'] } : need,
  );
}
type PackageNeed = ReturnType<NodeProject['systemNeeds']>[number];
