// Room: verify/image/. Which files of an image are read as text, and how much of each: what a later check looks at, and nothing else.

/** How a file is read: `dpkg` and `apk` for the list of packages; of the files of a package (`libraries`), those that are libraries are kept. */
export interface Wanted {
  as: 'text' | 'bytes' | 'dpkg' | 'apk' | 'libraries';
  /** Bytes that are read at most. */
  limit: number;
}

const small = 256 * 1024;
const database = 32 * 1024 * 1024;

const exact: ReadonlyMap<string, Wanted> = new Map<string, Wanted>([
  ['/etc/passwd', { as: 'text', limit: small }],
  ['/etc/group', { as: 'text', limit: small }],
  // What ldconfig wrote; binary, each byte one character. ld.so(8)
  ['/etc/ld.so.cache', { as: 'bytes', limit: 4 * 1024 * 1024 }],
  ['/var/lib/dpkg/status', { as: 'dpkg', limit: database }],
  ['/lib/apk/db/installed', { as: 'apk', limit: database }],
  ['/usr/lib/apk/db/installed', { as: 'apk', limit: database }],
]);

/** Where npm, yarn, pip, twine, git, cargo, docker and composer keep credentials; the manual of each stands in secrets.ts. */
const credentialFiles =
  /\/(?:\.npmrc|npmrc|\.yarnrc|\.yarnrc\.yml|pip\.conf|\.pypirc|\.netrc|_netrc|\.git-credentials|\.gitconfig|\.env(?:\.[\w.-]+)?|auth\.json|\.dockercfg)$|\/\.cargo\/(?:credentials|config)(?:\.toml)?$|\/cargo\/credentials(?:\.toml)?$|\/\.docker\/config\.json$|\/\.git\/config$|\/pypoetry\/auth\.toml$/;
/** Lockfiles and manifests in which a URL may carry a password. */
const manifests =
  /\/(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|pyproject\.toml|poetry\.lock|uv\.lock|pdm\.lock|Pipfile(?:\.lock)?|[^/]*requirements[^/]*\.txt|composer\.(?:json|lock)|Gemfile(?:\.lock)?|go\.mod|Cargo\.(?:toml|lock)|nuget\.config)$/i;
const keys = /\/(?:id_(?:rsa|dsa|ecdsa|ed25519)|[^/]+\.(?:pem|key))$/;
/** Trees of other people's packages: their manifests are published, and there are tens of thousands. */
const published = /\/(?:node_modules|site-packages|dist-packages|registry\/src)\//;

/** How a file of the image is read; undefined: it is not. In: its absolute path. */
export function wantedAs(path: string): Wanted | undefined {
  const known = exact.get(path);
  if (known) return known;
  // Distroless images have one file for each package: https://github.com/GoogleContainerTools/distroless/blob/main/README.md
  if (path.startsWith('/var/lib/dpkg/status.d/')) return path.endsWith('.md5sums') ? undefined : { as: 'dpkg', limit: small };
  if (path.startsWith('/var/lib/dpkg/info/') && path.endsWith('.list')) return { as: 'libraries', limit: database };
  if (/^\/etc\/ld-musl-[\w-]+\.path$/.test(path)) return { as: 'text', limit: small };
  if (credentialFiles.test(path) || keys.test(path) || (manifests.test(path) && !published.test(path))) return { as: 'text', limit: small };
  return undefined;
}
