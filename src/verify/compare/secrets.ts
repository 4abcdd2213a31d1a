// Room: verify/compare/. Credentials in the final image: told by path and kind, never by their value.
import { nameOf } from '../image/lookup.ts';
import type { Check, ImageContents } from '../types.ts';

/** A credential that was seen; its value is in none of these. */
export interface Credential {
  path: string;
  kind: string;
}

interface Rule {
  kind: string;
  path: RegExp;
  /** Finds it in the text. */
  text: RegExp;
}

/** A value that is a reference to a variable, or empty, is none: `${NPM_TOKEN}`, `$TOKEN`, `<token>`, `xxxx`. */
const value = String.raw`(?!\s*(?:["']?\s*(?:\$|<|\{\{|%|x{3,}|\*{3,}|null\b|$)))\s*["']?[^\s"'$<>{}]{3,}`;
const rule = (kind: string, path: RegExp, text: string): Rule => ({ kind, path, text: new RegExp(text, 'm') });

const rules: readonly Rule[] = [
  // https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
  rule('npm token', /\/\.?npmrc$/, String.raw`(?:^|:)_(?:authToken|auth|password)[ \t]*=${value}`),
  // https://yarnpkg.com/configuration/yarnrc#npmAuthToken
  rule('yarn token', /\/\.yarnrc(?:\.yml)?$/, String.raw`(?:npmAuthToken|npmAuthIdent|_authToken)["']?[ \t]*[: ]${value}`),
  // https://packaging.python.org/en/latest/specifications/pypirc/
  rule('PyPI password', /\/\.pypirc$/, String.raw`^[ \t]*password[ \t]*[=:]${value}`),
  // https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html
  rule('netrc password', /\/[._]netrc$/, String.raw`\bpassword[ \t\n]+[^\s$]{2,}`),
  // https://git-scm.com/docs/git-credential-store#_storage_format
  rule('git credentials', /\/\.git-credentials$/, String.raw`^https?://[^\s:/@]+:[^\s@]+@`),
  // https://doc.rust-lang.org/cargo/reference/config.html#credentials
  rule('cargo token', /\/(?:\.cargo|cargo)\/(?:credentials|config)(?:\.toml)?$/, String.raw`^[ \t]*token[ \t]*=${value}`),
  // https://docs.docker.com/reference/cli/docker/login/#default-behavior
  rule(
    'registry credentials',
    /\/(?:\.docker\/config\.json|\.dockercfg)$/,
    String.raw`"(?:auth|identitytoken|password)"\s*:\s*"[^"\s]{3,}"`,
  ),
  // https://getcomposer.org/doc/articles/authentication-for-private-packages.md
  rule(
    'Composer credentials',
    /\/auth\.json$/,
    String.raw`"(?:http-basic|bearer|github-oauth|gitlab-token|gitlab-oauth|bitbucket-oauth)"\s*:\s*\{\s*"`,
  ),
  // https://python-poetry.org/docs/repositories/#configuring-credentials
  rule('Poetry credentials', /\/pypoetry\/auth\.toml$/, String.raw`^[ \t]*(?:password|pypi-token[.\w-]*)[ \t]*=${value}`),
];

/** Files of the operating system and of packages that hold keys for tests and public certificates. */
const notOwn =
  /^\/(?:usr\/(?!src\/|app\/|local\/(?:app|src)\/)|etc\/ssl\/|etc\/ssh\/ssh_host_|lib\/|opt\/java\/)|\/(?:node_modules|site-packages|dist-packages)\//;
const privateKey = /^-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/m;
const keyFile = /\/(?:id_(?:rsa|dsa|ecdsa|ed25519)|[^/]+\.(?:pem|key))$/;
/** A `.env` for people to copy is none. */
const envFile = /\/\.env(?:\.[\w-]+)*$/;
const envExample = /\.(?:example|sample|template|dist|defaults?|schema|test)$/;
/** https://user:password@host, where the password is no variable. RFC 3986, 3.2.1 */
const urlWithPassword = /\b(?:https?|git\+https?|ftp):\/\/[^\s:/@"'<>]{1,200}:(?!\$|\{|%\(|<|\*)[^\s:/@"'<>]{1,500}@/;

/** Credentials in an image, sorted by path. */
export function credentialsOf({ files, texts }: ImageContents): Credential[] {
  const found: Credential[] = [];
  for (const [path, text] of texts) {
    if (path.startsWith('/var/lib/dpkg/') || path.startsWith('/etc/ld')) continue;
    const kind = kindOf(path, text);
    if (kind !== undefined) found.push({ path, kind });
  }
  for (const [path, file] of files)
    if (file.kind === 'file' && envFile.test(path) && !envExample.test(path) && !notOwn.test(path)) found.push({ path, kind: '.env file' });
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function kindOf(path: string, text: string): string | undefined {
  const known = rules.find((one) => one.path.test(path) && one.text.test(text));
  if (known) return known.kind;
  if (keyFile.test(path) && !notOwn.test(path) && privateKey.test(text)) return 'private key';
  // What stands in a .env is told by the file itself; here the address is what matters.
  return !envFile.test(path) && urlWithPassword.test(text) ? 'address with a password' : undefined;
}

/**
 * Looks for credentials. Fails for those that the rewritten image has and the original does not (no file of that name with that kind); those of both are a
 * warning. Only paths and kinds are told.
 */
export function checkSecrets(before: ImageContents, after: ImageContents): Check {
  const found = credentialsOf(after);
  const earlier = new Set(credentialsOf(before).map((one) => `${nameOf(one.path)}\0${one.kind}`));
  const brought = found.filter((one) => !earlier.has(`${nameOf(one.path)}\0${one.kind}`));
  const say = (outcome: Check['outcome'], detail: string): Check => ({ id: 'secrets', outcome, detail, differences: [] });
  if (found.length === 0) return say('passed', 'No credentials were found in the image');
  const told = (some: readonly Credential[]): string => {
    const listed = some.slice(0, 5).map(({ path, kind }) => `${path} (${kind})`);
    return `${listed.join(', ')}${some.length > 5 ? ` and ${some.length - 5} more` : ''}`;
  };
  const about = (brought.length > 0 ? brought : found).map(({ path }) => path).slice(0, 20);
  if (brought.length > 0)
    return { ...say('failed', `The rewritten image has credentials that the original does not have: ${told(brought)}`), about };
  return { ...say('warned', `The image holds credentials, as the original does: ${told(found)}`), about };
}
