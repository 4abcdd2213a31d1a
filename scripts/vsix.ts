// `npm run vsix [FILE]`: the extension for Visual Studio Code, packed. It holds the server: nothing else is to be installed.
// `code --install-extension FILE` installs it, `npx @vscode/vsce publish --packagePath FILE` publishes it. vsce itself is no dependency: it
// brings 285 packages; what it writes into an extension without any is what stands here (compared with vsce 3.9.2).
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { notices } from './notices.ts';
import { zip } from './zip.ts';

const root = resolve(import.meta.dirname, '..');
const own = join(root, 'src/lsp/vscode');
/** Pages that marks link to, and those that these link to. */
const pages = ['transforms.md', 'messages.md'];

/** The bytes of the packed extension. The same sources give the same bytes. */
export async function packed(): Promise<Buffer> {
  const description: Description = { ...JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')), version: manifest.version };
  const [extension, server] = [await bundled('src/lsp/vscode/extension.ts', 'cjs'), await bundled('src/lsp/main.ts', 'esm')];
  const files = new Map<string, Buffer>([
    ['extension.vsixmanifest', Buffer.from(vsixManifest(description))],
    ['[Content_Types].xml', Buffer.from(contentTypes)],
    ['extension/package.json', Buffer.from(`${JSON.stringify(description, undefined, 2)}\n`)],
    ['extension/readme.md', readFileSync(join(own, 'README.md'))],
    ['extension/LICENSE.txt', readFileSync(join(root, 'LICENSE'))],
    ['extension/THIRD-PARTY.txt', Buffer.from(notices([extension.metafile, server.metafile], root))],
    ['extension/extension.cjs', extension.bytes],
    ['extension/server.mjs', server.bytes],
    ...pages.map((page) => [`extension/docs/${page}`, readFileSync(join(root, 'docs', page))] as const),
  ]);
  return zip(files);
}

interface Description {
  name: string;
  displayName: string;
  description: string;
  version: string;
  publisher: string;
  keywords: string[];
  categories: string[];
  engines: { vscode: string };
}

/** A program of the extension in one file. */
export async function bundled(entry: string, format: 'cjs' | 'esm'): Promise<{ bytes: Buffer; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    metafile: true,
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format,
    external: ['vscode'],
    legalComments: 'none',
    minifySyntax: true,
    minifyWhitespace: true,
    ...(format === 'esm'
      ? { banner: { js: "import { createRequire as ownRequire } from 'node:module';\nconst require = ownRequire(import.meta.url);" } }
      : {}),
  });
  return { bytes: Buffer.from(outputFiles[0]?.contents ?? []), metafile };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

// As vsce writes it. https://code.visualstudio.com/api/working-with-extensions/publishing-extension
const vsixManifest = ({
  name,
  displayName,
  description,
  version,
  publisher,
  keywords,
  categories,
  engines,
}: Description): string => `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011" xmlns:d="http://schemas.microsoft.com/developer/vsx-schema-design/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="${version}" Publisher="${publisher}" />
    <DisplayName>${escaped(displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(description)}</Description>
    <Tags>${escaped(keywords.join(','))}</Tags>
    <Categories>${escaped(categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${engines.vscode}" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value="" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value="" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace" />
      <Property Id="Microsoft.VisualStudio.Code.LocalizedLanguages" Value="" />
      <Property Id="Microsoft.VisualStudio.Code.EnabledApiProposals" Value="" />
      <Property Id="Microsoft.VisualStudio.Code.ExecutesCode" Value="true" />
      <Property Id="Microsoft.VisualStudio.Services.GitHubFlavoredMarkdown" Value="true" />
      <Property Id="Microsoft.VisualStudio.Services.Content.Pricing" Value="Free" />
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code" />
  </Installation>
  <Dependencies />
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/readme.md" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true" />
  </Assets>
</PackageManifest>
`;

const types = {
  json: 'application/json',
  md: 'text/markdown',
  txt: 'text/plain',
  cjs: 'application/octet-stream',
  mjs: 'application/javascript',
  vsixmanifest: 'text/xml',
};
const contentTypes = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${Object.entries(types)
  .map(([extension, type]) => `<Default Extension=".${extension}" ContentType="${type}" />`)
  .join('')}</Types>
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2] ?? `dockerfile-mod-${manifest.version}.vsix`;
  const bytes = await packed();
  writeFileSync(file, bytes);
  console.log(`${file}: ${(bytes.length / 1024).toFixed(0)} KB`);
}
